package dev.weft.protocol.shadow;

import dev.weft.protocol.adapter.AdapterId;
import java.time.Duration;

/**
 * A shadow as a gateway needs it.
 *
 * @param name the name that clients ask for, and whose it is
 * @param served the version that the name leads to
 * @param candidate the version that gets copies
 * @param bounds of its copies
 * @param left time after which the shadow ends, whether or not the catalog is heard again
 */
public record ShadowOrder(
        long id, AdapterId name, Version served, Version candidate, Bounds bounds, Duration left) {
    /** A version of an adapter of the name's tenant. */
    public record Version(String adapter, int number) {
        public Version {
            if (number < 1) {
                throw new IllegalArgumentException("version " + number + ": allowed is 1 or more");
            }
        }
    }

    /**
     * Bounds of the copies.
     *
     * @param share of the requests that is copied, above 0, 1 at most
     * @param concurrent copies that a gateway may have under way
     * @param granted tokens that this run of the gateway may use, in all since it began
     */
    public record Bounds(double share, int concurrent, long granted) {
        public Bounds {
            if (!(share > 0 && share <= 1)) {
                throw new IllegalArgumentException(
                        "share " + share + ": allowed is above 0, up to 1");
            }
            if (concurrent < 1) {
                throw new IllegalArgumentException(
                        "concurrent " + concurrent + ": allowed is 1 or more");
            }
            if (granted < 0) {
                throw new IllegalArgumentException("granted " + granted + ": allowed is 0 or more");
            }
        }
    }
}
