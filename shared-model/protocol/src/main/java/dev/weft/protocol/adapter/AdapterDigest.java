package dev.weft.protocol.adapter;

import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 over the canonical adapter: its LoRA configuration, its tensors, and its chat template
 * and special tokens if it brings them. It is the key of caches, engine slots and KV prefixes.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record AdapterDigest(String hex) implements Comparable<AdapterDigest> {
    /** The text before the digits. */
    public static final String PREFIX = "sha256:";

    public AdapterDigest {
        if (!isHex(hex)) {
            throw new IllegalArgumentException(
                    "digest '" + hex + "': 64 lower-case hexadecimal digits are allowed");
        }
    }

    /** Reads {@code sha256:<64 hex digits>}. */
    public static AdapterDigest parse(String text) {
        if (!text.startsWith(PREFIX)) {
            throw new IllegalArgumentException("digest '" + text + "' does not start with sha256:");
        }
        return new AdapterDigest(text.substring(PREFIX.length()).toLowerCase(Locale.ROOT));
    }

    /** True for a text that {@link #parse} reads. */
    public static boolean isDigest(String text) {
        return text.length() == PREFIX.length() + 64
                && text.startsWith(PREFIX)
                && isHex(text.substring(PREFIX.length()).toLowerCase(Locale.ROOT));
    }

    public static AdapterDigest of(byte[] sha256) {
        return new AdapterDigest(HexFormat.of().formatHex(sha256));
    }

    /** First 12 digits, for logs. */
    public String abbreviated() {
        return hex.substring(0, 12);
    }

    /**
     * Compares hash codes first, which strings keep: most digests that a look-up in a map meets
     * differ.
     */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AdapterDigest(String its)
                && hex.hashCode() == its.hashCode()
                && hex.equals(its);
    }

    @Override
    public int hashCode() {
        return hex.hashCode();
    }

    @Override
    public int compareTo(AdapterDigest other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return PREFIX + hex;
    }

    private static boolean isHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                return false;
            }
        }
        return text.length() == 64;
    }
}
