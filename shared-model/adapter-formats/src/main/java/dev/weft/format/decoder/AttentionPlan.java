package dev.weft.format.decoder;

import dev.weft.protocol.adapter.LinearModule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The attention of a layer.
 *
 * @param norms of queries and keys; null if there are none
 * @param rope null if positions are not rotated
 * @param fused whether the checkpoint has q, k and v as one matrix {@code qkv_proj}
 */
public record AttentionPlan(
        Heads heads,
        Scores scores,
        @Nullable QueryKeyNorms norms,
        @Nullable RopePlan rope,
        Biases biases,
        boolean fused) {
    /**
     * Its heads.
     *
     * @param size elements of a head
     */
    public record Heads(int queries, int keys, int size) {}

    /**
     * How scores become weights: {@code softmax(cap(scale * q k))}.
     *
     * @param window positions that are seen, the row's own included; 0 for all
     * @param cap scores become {@code cap * tanh(score / cap)}; 0 for none
     * @param sinks whether each head has a learned score that takes weight and adds nothing ({@code
     *     self_attn.sinks})
     */
    public record Scores(float scale, int window, float cap, boolean sinks) {
        /** Scores over {@code sqrt(headSize)}, of a window (0 for all positions). */
        public static Scores of(int headSize, int window) {
            return new Scores((float) (1.0 / Math.sqrt(headSize)), window, 0, false);
        }
    }

    /** What one norm of queries or keys covers. */
    public enum Extent {
        /** A head. */
        HEAD,
        /** All heads together. */
        PROJECTION
    }

    /**
     * Norms of queries and of keys.
     *
     * @param afterRope whether they come after the rotation; else before it
     */
    public record QueryKeyNorms(NormPlan query, NormPlan key, Extent extent, boolean afterRope) {}

    /**
     * Biases of linear layers.
     *
     * @param input of q, k and v
     * @param output of o
     */
    public record Biases(boolean input, boolean output) {
        /** No bias. */
        public static final Biases NONE = new Biases(false, false);

        /** Both or none. */
        public static Biases all(boolean all) {
            return new Biases(all, all);
        }
    }

    /** Elements that a norm of queries covers; 0 if there is none. */
    public int queryNormSize() {
        return normSize(heads.queries());
    }

    /** Elements that a norm of keys covers; 0 if there is none. */
    public int keyNormSize() {
        return normSize(heads.keys());
    }

    private int normSize(int count) {
        if (norms == null) {
            return 0;
        }
        return switch (norms.extent()) {
            case HEAD -> heads.size();
            case PROJECTION -> heads.size() * count;
        };
    }

    /** Its linear layers, as the checkpoint has them. */
    List<LinearModule> modules() {
        return fused
                ? List.of(LinearModule.QKV, LinearModule.O)
                : List.of(LinearModule.Q, LinearModule.K, LinearModule.V, LinearModule.O);
    }
}
