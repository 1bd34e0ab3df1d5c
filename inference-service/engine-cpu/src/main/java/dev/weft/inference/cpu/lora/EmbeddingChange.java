package dev.weft.inference.cpu.lora;

import dev.weft.format.lora.name.Edge;
import dev.weft.format.lora.weight.Surroundings;
import dev.weft.format.lora.weight.Surroundings.EdgePair;
import dev.weft.format.lora.weight.Surroundings.TokenRows;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An adapter's change of the tokens' embeddings, in the type of its file. Members of the team call
 * it.
 */
public final class EmbeddingChange {
    private static final long ALIGNMENT = 64;

    private final @Nullable Tensor copy;
    private final @Nullable Tensor rows;

    /** Row of a token in {@link #rows}. */
    private final Map<Integer, Integer> places = new HashMap<>();

    private final @Nullable EmbeddingPair pair;
    private final long bytes;

    private EmbeddingChange(Arena arena, Surroundings around, AdaptedBase base) {
        Tensor whole = around.copies().get(Edge.EMBEDDING);
        copy = whole == null ? null : kept(arena, whole);
        TokenRows some = around.rows().get(Edge.EMBEDDING);
        rows = some == null ? null : kept(arena, some.values());
        for (int i = 0; some != null && i < some.tokens().size(); i++) {
            places.put(some.tokens().get(i), i);
        }
        EdgePair lowRank = around.pairs().get(Edge.EMBEDDING);
        pair =
                lowRank == null
                        ? null
                        : EmbeddingPair.pack(
                                arena,
                                lowRank,
                                kept(arena, lowRank.a()),
                                () -> whole == null ? base.edge(Edge.EMBEDDING) : whole);
        bytes =
                (copy == null ? 0 : copy.data().byteSize())
                        + (rows == null ? 0 : rows.data().byteSize())
                        + (pair == null ? 0 : pair.bytes());
    }

    /**
     * Null if the adapter leaves embeddings as they are.
     *
     * @throws dev.weft.inference.engine.EngineException {@code INVALID_ADAPTER} if it can't be
     *     computed with this base
     */
    static @Nullable EmbeddingChange pack(Arena arena, Surroundings around, AdaptedBase base) {
        boolean changes =
                around.copies().containsKey(Edge.EMBEDDING)
                        || around.rows().containsKey(Edge.EMBEDDING)
                        || around.pairs().containsKey(Edge.EMBEDDING);
        return changes ? new EmbeddingChange(arena, around, base) : null;
    }

    /** Most bytes of memory that its matrices take, each at a multiple of 64. */
    static long mostBytes(Surroundings around) {
        Tensor whole = around.copies().get(Edge.EMBEDDING);
        TokenRows some = around.rows().get(Edge.EMBEDDING);
        EdgePair lowRank = around.pairs().get(Edge.EMBEDDING);
        long bytes = whole == null ? 0 : aligned(whole.data().byteSize());
        bytes += some == null ? 0 : aligned(some.values().data().byteSize());
        if (lowRank != null) {
            bytes += aligned(lowRank.a().data().byteSize());
            bytes += aligned(lowRank.b().elements() * Float.BYTES);
        }
        return bytes;
    }

    private static long aligned(long bytes) {
        return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
    }

    private static Tensor kept(Arena arena, Tensor tensor) {
        return new Tensor(
                tensor.name(),
                tensor.dtype(),
                tensor.shape(),
                arena.allocate(tensor.data().byteSize(), ALIGNMENT).copyFrom(tensor.data()));
    }

    long bytes() {
        return bytes;
    }

    /**
     * Writes a token's embedding into a row.
     *
     * @param base {@code [tokens][hidden]} of the base
     */
    public void write(int token, Tensor base, FloatMatrix hidden, int row) {
        Integer place = places.get(token);
        if (rows != null && place != null) {
            copyRow(rows, place, hidden, row);
        } else {
            copyRow(copy == null ? base : copy, token, hidden, row);
        }
        if (pair != null) {
            pair.change(token, hidden, row);
        }
    }

    /** Copies a row of a tensor. */
    public static void copyRow(Tensor from, int index, FloatMatrix to, int row) {
        long first = (long) index * to.columns();
        for (int i = 0; i < to.columns(); i++) {
            to.set(row, i, from.get(first + i));
        }
    }
}
