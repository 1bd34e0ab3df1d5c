package dev.weft.format.family.qwen;

import dev.weft.format.decoder.AttentionPlan;
import dev.weft.format.decoder.NormPlan;

/** Qwen 3's norms of each head of q and k, before the rotation. */
final class HeadNorms {
    private HeadNorms() {}

    static AttentionPlan.QueryKeyNorms of(float epsilon) {
        return new AttentionPlan.QueryKeyNorms(
                NormPlan.plain("self_attn.q_norm", epsilon),
                NormPlan.plain("self_attn.k_norm", epsilon),
                AttentionPlan.Extent.HEAD,
                false);
    }
}
