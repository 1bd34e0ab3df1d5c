package dev.weft.format.family.qwen;

import dev.weft.format.decoder.AttentionPlan;
import dev.weft.format.decoder.BlockPlan;
import dev.weft.format.decoder.DecoderPlan;
import dev.weft.format.decoder.Dense;
import dev.weft.format.decoder.RopePlan;
import dev.weft.format.family.FamilySizes;
import dev.weft.format.family.ModelFamily;
import dev.weft.format.family.ModelFields;
import dev.weft.format.family.RopeReader;
import java.util.List;

/** Qwen 3, dense. */
public final class Qwen3 implements ModelFamily {
    @Override
    public String modelType() {
        return "qwen3";
    }

    @Override
    public List<String> architectures() {
        return List.of("Qwen3ForCausalLM");
    }

    @Override
    public DecoderPlan read(ModelFields fields) {
        FamilySizes sizes =
                FamilySizes.read(fields, new FamilySizes.Defaults(32, 128, 32768, 1e-6));
        RopePlan rope = RopeReader.of(fields, sizes, 10_000).whole();
        AttentionPlan.Biases biases =
                AttentionPlan.Biases.all(fields.flag("attention_bias", false));
        Dense dense =
                new Dense(sizes.width(), fields.activation("hidden_act", "silu"), false, false);
        List<BlockPlan> blocks =
                QwenWindows.read(fields, sizes.layers()).stream()
                        .map(window ->
                                new AttentionPlan(
                                        sizes.heads(),
                                        AttentionPlan.Scores.of(sizes.heads().size(), window),
                                        HeadNorms.of(sizes.epsilon()),
                                        rope,
                                        biases,
                                        false))
                        .map(attention ->
                                new BlockPlan(
                                        attention,
                                        dense,
                                        BlockPlan.Norms.before(sizes.epsilon()),
                                        1))
                        .toList();
        return sizes.plan(fields.flag("tie_word_embeddings", false), blocks);
    }
}
