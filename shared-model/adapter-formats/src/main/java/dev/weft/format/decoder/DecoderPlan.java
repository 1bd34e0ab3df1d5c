package dev.weft.format.decoder;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A decoder from embedding to logits. Tensors of a layer lie below {@code model.layers.N.}.
 *
 * @param contextLength most positions of a sequence
 * @param blocks from the first layer to the last
 */
public record DecoderPlan(
        Embedding embedding,
        int contextLength,
        List<BlockPlan> blocks,
        NormPlan norm,
        Logits head) {
    /**
     * The tokens' rows of {@code model.embed_tokens}.
     *
     * @param tokens size of the vocabulary
     * @param tied whether the head has the same weights; else it is {@code lm_head}
     * @param factor that a row is multiplied by, in float32
     * @param factorWithin whether transformers' module of the embedding multiplies, so that what
     *     PEFT adds behind that module may be multiplied or not
     */
    public record Embedding(
            int tokens, int hiddenSize, boolean tied, float factor, boolean factorWithin) {}

    /**
     * What becomes of the head's products: {@code cap * tanh(x * factor / cap)}.
     *
     * @param cap 0 for none
     */
    public record Logits(float factor, float cap) {
        /** Products as they are. */
        public static final Logits PLAIN = new Logits(1, 0);
    }

    public DecoderPlan {
        blocks = List.copyOf(blocks);
        if (blocks.isEmpty()) {
            throw new IllegalArgumentException("a decoder has at least one layer");
        }
    }

    /** Returns this decoder with the context length that all its rotations reach. */
    public DecoderPlan stretched() {
        int reach =
                ropes().stream()
                        .mapToInt(rope -> rope.scaling().reach(contextLength))
                        .min()
                        .orElse(contextLength);
        return new DecoderPlan(embedding, reach, blocks, norm, head);
    }

    /** The rotations of all layers, each once, in the order in which layers need them. */
    public List<RopePlan> ropes() {
        return blocks.stream()
                .map(block -> block.attention().rope())
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    /**
     * The length beyond which all positions of a sequence are rotated in another way; the largest
     * integer if length changes nothing.
     */
    public int stretchesBeyond() {
        return ropes().stream().mapToInt(RopePlan::stretchesBeyond).min().orElse(Integer.MAX_VALUE);
    }

    /** The first layer with experts; null if all are dense. */
    public @Nullable Experts experts() {
        return blocks.stream()
                .map(BlockPlan::feedForward)
                .filter(Experts.class::isInstance)
                .map(Experts.class::cast)
                .findFirst()
                .orElse(null);
    }
}
