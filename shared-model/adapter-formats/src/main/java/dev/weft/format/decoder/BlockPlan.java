package dev.weft.format.decoder;

import dev.weft.protocol.adapter.LinearModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One layer: {@code h += factor * norm(attention(norm(h)))}, then the same with the feed-forward
 * part.
 *
 * @param residualFactor that each part's result is multiplied by before it is added
 */
public record BlockPlan(
        AttentionPlan attention, FeedForward feedForward, Norms norms, float residualFactor) {
    /** Norms by place; null if a place has none. */
    public record Norms(
            @Nullable NormPlan beforeAttention,
            @Nullable NormPlan afterAttention,
            @Nullable NormPlan beforeFeedForward,
            @Nullable NormPlan afterFeedForward) {
        /** Llama's: {@code input_layernorm} and {@code post_attention_layernorm}, each before. */
        public static Norms before(float epsilon) {
            return new Norms(
                    NormPlan.plain("input_layernorm", epsilon),
                    null,
                    NormPlan.plain("post_attention_layernorm", epsilon),
                    null);
        }
    }

    /**
     * Adds the sizes of its norms.
     *
     * @param prefix in front of their names
     */
    public void addNorms(String prefix, int hiddenSize, Map<String, Integer> sizes) {
        Stream.of(
                        norms.beforeAttention,
                        norms.afterAttention,
                        norms.beforeFeedForward,
                        norms.afterFeedForward)
                .filter(Objects::nonNull)
                .forEach(norm -> sizes.put(prefix + norm.name(), hiddenSize));
        AttentionPlan.QueryKeyNorms heads = attention.norms();
        if (heads != null) {
            sizes.put(prefix + heads.query().name(), attention.queryNormSize());
            sizes.put(prefix + heads.key().name(), attention.keyNormSize());
        }
    }

    /** Its linear layers as its checkpoint has them, which an adapter may change. */
    public List<LinearModule> modules() {
        List<LinearModule> modules = new ArrayList<>(attention.modules());
        modules.addAll(feedForward.modules());
        return List.copyOf(modules);
    }
}
