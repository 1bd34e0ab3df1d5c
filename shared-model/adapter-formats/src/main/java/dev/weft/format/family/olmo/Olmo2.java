package dev.weft.format.family.olmo;

import dev.weft.format.decoder.AttentionPlan;
import dev.weft.format.decoder.BlockPlan;
import dev.weft.format.decoder.DecoderPlan;
import dev.weft.format.decoder.Dense;
import dev.weft.format.decoder.NormPlan;
import dev.weft.format.family.FamilySizes;
import dev.weft.format.family.ModelFamily;
import dev.weft.format.family.ModelFields;
import dev.weft.format.family.RopeReader;
import dev.weft.format.family.UnreadWindows;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/** OLMo 2. */
public final class Olmo2 implements ModelFamily {
    @Override
    public String modelType() {
        return "olmo2";
    }

    @Override
    public List<String> architectures() {
        return List.of("Olmo2ForCausalLM");
    }

    @Override
    public OptionalInt padding() {
        return OptionalInt.of(1);
    }

    @Override
    public OptionalInt endToken() {
        return OptionalInt.of(50_279);
    }

    @Override
    public DecoderPlan read(ModelFields fields) {
        FamilySizes sizes = FamilySizes.read(fields, new FamilySizes.Defaults(0, 0, 2048, 1e-5));
        UnreadWindows.refuse(fields, sizes);
        float epsilon = sizes.epsilon();
        AttentionPlan attention =
                new AttentionPlan(
                        sizes.heads(),
                        AttentionPlan.Scores.of(sizes.heads().size(), 0),
                        new AttentionPlan.QueryKeyNorms(
                                NormPlan.plain("self_attn.q_norm", epsilon),
                                NormPlan.plain("self_attn.k_norm", epsilon),
                                AttentionPlan.Extent.PROJECTION,
                                false),
                        RopeReader.of(fields, sizes, 10_000).whole(),
                        AttentionPlan.Biases.all(fields.flag("attention_bias", false)),
                        false);
        Dense dense =
                new Dense(sizes.width(), fields.activation("hidden_act", "silu"), false, false);
        BlockPlan.Norms norms =
                new BlockPlan.Norms(
                        null,
                        NormPlan.plain("post_attention_layernorm", epsilon),
                        null,
                        NormPlan.plain("post_feedforward_layernorm", epsilon));
        return sizes.plan(
                fields.flag("tie_word_embeddings", false),
                Collections.nCopies(sizes.layers(), new BlockPlan(attention, dense, norms, 1)));
    }
}
