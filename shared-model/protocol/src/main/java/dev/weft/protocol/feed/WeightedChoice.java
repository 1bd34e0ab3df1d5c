package dev.weft.protocol.feed;

import dev.weft.protocol.digest.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Weighted rendezvous hashing. Each version draws a number from the key, {@code -ln(u) / weight}
 * with u uniform in (0, 1), and the least one wins. This is an exponential race, so a version wins
 * with the probability of its weight in the sum. A draw depends on nothing but its own version and
 * weight, so a change of weights moves only the keys that it has to. Versions of one content draw
 * apart.
 */
final class WeightedChoice {
    private WeightedChoice() {}

    static Optional<ServedVersion> of(CatalogEntry entry, String key) {
        ServedVersion only = only(entry);
        if (only != null) {
            return Optional.of(only);
        }
        ServedVersion best = null;
        double least = Double.POSITIVE_INFINITY;
        for (Share share : entry.shares()) {
            if (share.weight() > 0) {
                double draw =
                        -StrictMath.log(uniform(key, entry, share.version())) / share.weight();
                if (draw < least) {
                    least = draw;
                    best = share.version();
                }
            }
        }
        return Optional.ofNullable(best);
    }

    private static @Nullable ServedVersion only(CatalogEntry entry) {
        ServedVersion only = null;
        for (Share share : entry.shares()) {
            if (share.weight() > 0) {
                if (only != null) {
                    return null;
                }
                only = share.version();
            }
        }
        return only;
    }

    /**
     * 53 bits of SHA-256 over the key, the name, and the version's digest, adapter and number, in
     * the middle of their step.
     */
    private static double uniform(String key, CatalogEntry entry, ServedVersion version) {
        MessageDigest sha = Sha256.digest();
        sha.update(key.getBytes(StandardCharsets.UTF_8));
        sha.update((byte) 0);
        sha.update(
                (entry.id().tenant() + '\0' + entry.id().name()).getBytes(StandardCharsets.UTF_8));
        sha.update((byte) 0);
        sha.update(version.digest().hex().getBytes(StandardCharsets.US_ASCII));
        sha.update((byte) 0);
        sha.update(
                (version.adapter().tenant()
                                + '\0'
                                + version.adapter().name()
                                + '\0'
                                + version.number())
                        .getBytes(StandardCharsets.UTF_8));
        byte[] hash = sha.digest();
        long bits = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            bits = bits << 8 | (hash[i] & 0xff);
        }
        return ((bits >>> 11) + 0.5) * 0x1.0p-53;
    }
}
