package dev.weft.inference.cpu.packed;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What packed weights are made of, and by what.
 *
 * @param text all that their bytes depend on: two recipes with the same text have the same bytes
 * @param sizes bytes of each layer, in the order they are packed in
 */
public record Recipe(String text, List<Long> sizes) {
    private static final long ALIGNMENT = 64;

    public Recipe {
        sizes = List.copyOf(sizes);
        sizes.forEach(size -> {
            if (size < 0) {
                throw new IllegalArgumentException("a layer of " + size + " bytes");
            }
        });
    }

    /** Bytes of all layers, each at a multiple of 64. */
    long bytes() {
        return sizes.stream().mapToLong(Recipe::aligned).sum();
    }

    /** Where a layer's bytes end and the next one's may begin. */
    static long aligned(long bytes) {
        return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
    }

    /** The digest of the text, in hexadecimal digits. */
    String digest() {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
