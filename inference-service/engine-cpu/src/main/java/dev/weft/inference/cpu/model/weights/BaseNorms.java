package dev.weft.inference.cpu.model.weights;

import dev.weft.format.decoder.AttentionPlan;
import dev.weft.format.decoder.BlockPlan;
import dev.weft.format.decoder.DecoderPlan;
import dev.weft.format.decoder.NormPlan;
import dev.weft.inference.cpu.kernel.vector.RmsNorm;
import dev.weft.inference.cpu.lora.AdaptedBase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The norms of a decoder by their names. Immutable. */
final class BaseNorms {
    private final Map<String, AdaptedBase.Norm> norms = new HashMap<>();

    BaseNorms(DecoderPlan plan, List<LayerWeights> layers, RmsNorm last) {
        for (int layer = 0; layer < layers.size(); layer++) {
            add("model.layers." + layer + ".", plan.blocks().get(layer), layers.get(layer));
        }
        add("", plan.norm(), last);
    }

    private void add(String prefix, BlockPlan block, LayerWeights weights) {
        BlockPlan.Norms plans = block.norms();
        add(prefix, plans.beforeAttention(), weights.attention().norm());
        add(prefix, plans.afterAttention(), weights.attention().joint().norm());
        add(prefix, plans.beforeFeedForward(), weights.mlp().norm());
        add(prefix, plans.afterFeedForward(), weights.mlp().joint().norm());
        AttentionPlan.QueryKeyNorms heads = block.attention().norms();
        AttentionWeights.QueryKeyNorms ofHeads = weights.attention().inner().norms();
        if (heads != null && ofHeads != null) {
            add(prefix, heads.query(), ofHeads.query());
            add(prefix, heads.key(), ofHeads.key());
        }
    }

    private void add(String prefix, @Nullable NormPlan plan, @Nullable RmsNorm norm) {
        if (plan != null && norm != null) {
            norms.put(prefix + plan.name(), new AdaptedBase.Norm(norm, plan.plusOne()));
        }
    }

    /** The norm of that name; there must be one. */
    AdaptedBase.Norm get(String name) {
        AdaptedBase.Norm norm = norms.get(name);
        if (norm == null) {
            throw new IllegalArgumentException("the base has no norm " + name);
        }
        return norm;
    }
}
