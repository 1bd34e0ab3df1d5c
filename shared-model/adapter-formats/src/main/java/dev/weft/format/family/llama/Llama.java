package dev.weft.format.family.llama;

import dev.weft.format.decoder.AttentionPlan;
import dev.weft.format.decoder.BlockPlan;
import dev.weft.format.decoder.DecoderPlan;
import dev.weft.format.decoder.Dense;
import dev.weft.format.decoder.RopePlan;
import dev.weft.format.family.FamilySizes;
import dev.weft.format.family.ModelFamily;
import dev.weft.format.family.ModelFields;
import dev.weft.format.family.RopeReader;
import dev.weft.format.family.UnreadWindows;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/** Llama 1 to 3, and what is built like them (SmolLM2, TinyLlama). */
public final class Llama implements ModelFamily {
    @Override
    public String modelType() {
        return "llama";
    }

    @Override
    public List<String> architectures() {
        return List.of("LlamaForCausalLM");
    }

    @Override
    public OptionalInt endToken() {
        return OptionalInt.of(2);
    }

    @Override
    public DecoderPlan read(ModelFields fields) {
        FamilySizes sizes = FamilySizes.read(fields, new FamilySizes.Defaults(0, 0, 2048, 1e-6));
        UnreadWindows.refuse(fields, sizes);
        RopePlan rope = RopeReader.of(fields, sizes, 10_000).whole();
        AttentionPlan attention =
                new AttentionPlan(
                        sizes.heads(),
                        AttentionPlan.Scores.of(sizes.heads().size(), 0),
                        null,
                        rope,
                        AttentionPlan.Biases.all(fields.flag("attention_bias", false)),
                        false);
        Dense dense =
                new Dense(
                        sizes.width(),
                        fields.activation("hidden_act", "silu"),
                        false,
                        fields.flag("mlp_bias", false));
        BlockPlan block =
                new BlockPlan(attention, dense, BlockPlan.Norms.before(sizes.epsilon()), 1);
        return sizes.plan(
                fields.flag("tie_word_embeddings", false),
                Collections.nCopies(sizes.layers(), block));
    }
}
