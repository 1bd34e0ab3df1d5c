package dev.weft.protocol.usage;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import org.jspecify.annotations.Nullable;

/**
 * What answered a request.
 *
 * @param base served name of the base; empty if it was not told apart
 * @param adapter over it; null for the base alone
 */
public record Used(String base, @Nullable Version adapter) {
    /** Stands for everything that was not told apart. */
    public static final Used ANYTHING = new Used("", null);

    private static final int LONGEST_BASE = 256;

    public Used {
        if (base.length() > LONGEST_BASE) {
            throw new IllegalArgumentException(
                    "base '" + base + "': allowed are up to " + LONGEST_BASE + " characters");
        }
    }

    /**
     * A version of an adapter.
     *
     * @param number its number among those of its name
     */
    public record Version(AdapterId id, int number, AdapterDigest digest) {
        public Version {
            if (number < 1) {
                throw new IllegalArgumentException("version " + number + ": allowed is 1 or more");
            }
        }
    }
}
