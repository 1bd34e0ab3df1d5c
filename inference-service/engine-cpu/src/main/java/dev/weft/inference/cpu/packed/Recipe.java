package dev.weft.inference.cpu.packed;

import dev.weft.protocol.digest.Sha256;
import java.util.List;

/**
 * The sources of packed weights: their checkpoint, and all else that their bytes depend on.
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
        return Sha256.hex(text);
    }
}
