package dev.weft.format.lora.weight;

import dev.weft.format.lora.weight.Surroundings.EdgePair;
import dev.weft.format.safetensors.Tensor;

/**
 * Pairs of two tied edges with {@code ensure_weight_tying}. PEFT then makes the head's pair out of
 * the embedding's, each matrix transposed, and saves both. In memory they are one pair if the base
 * is in float32, and two if not, so a file in which they differ has two meanings.
 */
final class TiedPairs {
    private TiedPairs() {}

    /** Whether the head's pair is the embedding's, transposed. */
    static boolean areOne(EdgePair embedding, EdgePair head) {
        return embedding.rank() == head.rank()
                && areTurned(embedding.a(), head.b())
                && areTurned(embedding.b(), head.a());
    }

    private static boolean areTurned(Tensor one, Tensor other) {
        long rows = one.shape().getFirst();
        long columns = one.shape().getLast();
        for (long row = 0; row < rows; row++) {
            for (long column = 0; column < columns; column++) {
                if (one.get(row * columns + column) != other.get(column * rows + row)) {
                    return false;
                }
            }
        }
        return true;
    }
}
