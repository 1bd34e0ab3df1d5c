package dev.weft.inference.relay.adapter;

import dev.weft.protocol.adapter.AdapterDigest;
import java.util.Optional;

/**
 * The name of an adapter at the server, made of its content alone: other weights have another name,
 * so that neither the server's caches nor a name that was published again can mix them up.
 */
public record RelayName(AdapterDigest digest) {
    /** The text before the digest's 64 digits; also begins the names of folders. */
    public static final String PREFIX = "weft1-";

    private static final int TASK_BITS = 52;

    /** The adapter that a server's name stands for; empty if Weft did not make the name. */
    public static Optional<RelayName> parse(String name) {
        String hex = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : "";
        return AdapterDigest.isDigest(AdapterDigest.PREFIX + hex)
                ? Optional.of(new RelayName(new AdapterDigest(hex)))
                : Optional.empty();
    }

    /**
     * A number for servers that know adapters by a number: the digest's first 52 bits plus one,
     * since JSON's numbers are exact up to 2^53 and 0 means no adapter.
     */
    public long number() {
        return Long.parseUnsignedLong(digest.hex(), 0, TASK_BITS / 4, 16) + 1;
    }

    @Override
    public String toString() {
        return PREFIX + digest.hex();
    }
}
