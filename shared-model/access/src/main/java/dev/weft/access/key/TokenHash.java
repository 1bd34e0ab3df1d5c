package dev.weft.access.key;

import dev.weft.protocol.digest.Sha256;

/** The hash that is kept instead of a token. */
public final class TokenHash {
    private TokenHash() {}

    /** SHA-256 in hexadecimal. */
    public static String of(String secret) {
        return Sha256.hex(secret);
    }
}
