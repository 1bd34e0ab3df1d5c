package dev.weft.inference.cpu.lora;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.name.Edge;
import dev.weft.format.lora.weight.Surroundings;
import dev.weft.format.lora.weight.Surroundings.EdgePair;
import dev.weft.format.lora.weight.Surroundings.TokenRows;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.vector.TiledMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An adapter's change of the head.
 *
 * @param copy the matrix that replaces the head, {@code [tokens][hidden]} in bf16
 * @param rows the rows that replace the head's for some tokens
 * @param block its low-rank change
 */
record HeadChange(
        @Nullable TiledMatrix copy, @Nullable ReplacedRows rows, @Nullable LoraBlock block) {
    /** Rows of some tokens, in float: {@code [count][hidden]}. */
    static final class ReplacedRows {
        private final int[] tokens;
        private final float[] values;

        private ReplacedRows(TokenRows rows) {
            tokens = rows.tokens().stream().mapToInt(Integer::intValue).toArray();
            values = rows.values().floats();
        }

        int count() {
            return tokens.length;
        }

        int token(int index) {
            return tokens[index];
        }

        /** The product of a token's row with that many floats. */
        float dot(int index, MemorySegment x, long offset, int count) {
            return VectorMath.dot(x, offset, values, index * count, count);
        }
    }

    /** Null if the adapter leaves the head as it is. */
    static @Nullable HeadChange pack(
            Arena arena, DecoderShape shape, Surroundings around, AdaptedBase base) {
        Tensor copy = around.copies().get(Edge.HEAD);
        TokenRows rows = around.rows().get(Edge.HEAD);
        if (rows == null && shape.around().tied()) {
            rows = around.rows().get(Edge.EMBEDDING);
        }
        EdgePair pair = around.pairs().get(Edge.HEAD);
        if (copy == null && rows == null && pair == null) {
            return null;
        }
        return new HeadChange(
                copy == null ? null : packed(arena, copy),
                rows == null ? null : new ReplacedRows(rows),
                pair == null
                        ? null
                        : LoraBlock.pack(arena, LowRank.ofHead(pair), () -> weights(copy, base)));
    }

    /** Most bytes of memory that its matrices take. */
    static long mostBytes(Surroundings around) {
        Tensor copy = around.copies().get(Edge.HEAD);
        EdgePair pair = around.pairs().get(Edge.HEAD);
        long bytes =
                copy == null ? 0 : TiledMatrix.bytes(copy.shape().getFirst(), copy.shape().get(1));
        return pair == null
                ? bytes
                : bytes
                        + LoraBlock.mostBytes(
                                pair.a().shape().get(1), pair.b().shape().getFirst(), pair.rank());
    }

    private static WeightSource weights(@Nullable Tensor copy, AdaptedBase base) {
        return copy == null ? base.head() : new WeightSource(List.of(copy), null);
    }

    private static TiledMatrix packed(Arena arena, Tensor copy) {
        int in = copy.shape().get(1).intValue();
        return TiledMatrix.pack(
                arena,
                copy.shape().getFirst().intValue(),
                in,
                (out, row) -> copy.copyTo((long) out * in, row, 0, in));
    }

    /** Bytes of memory. */
    long bytes() {
        return (copy == null ? 0 : copy.bytes())
                + (rows == null ? 0 : (long) rows.values.length * Float.BYTES)
                + (block == null ? 0 : block.bytes());
    }
}
