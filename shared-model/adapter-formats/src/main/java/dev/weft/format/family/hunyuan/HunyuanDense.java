package dev.weft.format.family.hunyuan;

import dev.weft.format.decoder.AttentionPlan;
import dev.weft.format.decoder.BlockPlan;
import dev.weft.format.decoder.DecoderPlan;
import dev.weft.format.decoder.Dense;
import dev.weft.format.decoder.NormPlan;
import dev.weft.format.decoder.RopePlan;
import dev.weft.format.family.FamilySizes;
import dev.weft.format.family.ModelFamily;
import dev.weft.format.family.ModelFields;
import dev.weft.format.family.RopeReader;
import dev.weft.format.family.UnreadWindows;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/** Hunyuan 1, dense. */
public final class HunyuanDense implements ModelFamily {
    @Override
    public String modelType() {
        return "hunyuan_v1_dense";
    }

    @Override
    public List<String> architectures() {
        return List.of("HunYuanDenseV1ForCausalLM");
    }

    @Override
    public OptionalInt padding() {
        return OptionalInt.of(0);
    }

    @Override
    public OptionalInt endToken() {
        return OptionalInt.of(2);
    }

    @Override
    public DecoderPlan read(ModelFields fields) {
        FamilySizes sizes = FamilySizes.read(fields, new FamilySizes.Defaults(0, 0, 2048, 1e-5));
        UnreadWindows.refuse(fields, sizes);
        AttentionPlan attention =
                new AttentionPlan(
                        sizes.heads(),
                        AttentionPlan.Scores.of(sizes.heads().size(), 0),
                        new AttentionPlan.QueryKeyNorms(
                                NormPlan.plain("self_attn.query_layernorm", sizes.epsilon()),
                                NormPlan.plain("self_attn.key_layernorm", sizes.epsilon()),
                                AttentionPlan.Extent.HEAD,
                                true),
                        rope(fields, sizes),
                        AttentionPlan.Biases.all(fields.flag("attention_bias", false)),
                        false);
        Dense dense =
                new Dense(sizes.width(), fields.activation("hidden_act", "silu"), false, false);
        BlockPlan block =
                new BlockPlan(attention, dense, BlockPlan.Norms.before(sizes.epsilon()), 1);
        return sizes.plan(
                fields.flag("tie_word_embeddings", false),
                Collections.nCopies(sizes.layers(), block));
    }

    /** {@code dynamic} with {@code alpha} is a larger base up to max_position_embeddings. */
    private static RopePlan rope(ModelFields fields, FamilySizes sizes) {
        RopeReader reader = RopeReader.of(fields, sizes, 10_000);
        return reader.type().equals("dynamic") && reader.hasAlpha()
                ? reader.ofAlpha()
                : reader.whole();
    }
}
