package dev.weft.format.family.granite;

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

/** Granite, dense: Llama's blocks whose parts are multiplied by numbers of config.json. */
public final class Granite implements ModelFamily {
    @Override
    public String modelType() {
        return "granite";
    }

    @Override
    public List<String> architectures() {
        return List.of("GraniteForCausalLM");
    }

    @Override
    public OptionalInt endToken() {
        return OptionalInt.of(2);
    }

    @Override
    public DecoderPlan read(ModelFields fields) {
        FamilySizes sizes = FamilySizes.read(fields, new FamilySizes.Defaults(0, 0, 2048, 1e-6));
        UnreadWindows.refuse(fields, sizes);
        AttentionPlan attention =
                new AttentionPlan(
                        sizes.heads(),
                        new AttentionPlan.Scores(
                                (float) fields.number("attention_multiplier", 1), 0, 0, false),
                        null,
                        RopeReader.of(fields, sizes, 10_000).whole(),
                        AttentionPlan.Biases.all(fields.flag("attention_bias", false)),
                        false);
        Dense dense =
                new Dense(
                        sizes.width(),
                        fields.activation("hidden_act", "silu"),
                        false,
                        fields.flag("mlp_bias", false));
        BlockPlan block =
                new BlockPlan(
                        attention,
                        dense,
                        BlockPlan.Norms.before(sizes.epsilon()),
                        (float) fields.number("residual_multiplier", 1));
        return new DecoderPlan(
                new DecoderPlan.Embedding(
                        sizes.tokens(),
                        sizes.hidden(),
                        fields.flag("tie_word_embeddings", false),
                        (float) fields.number("embedding_multiplier", 1),
                        false),
                sizes.positions(),
                Collections.nCopies(sizes.layers(), block),
                NormPlan.plain("model.norm", sizes.epsilon()),
                new DecoderPlan.Logits((float) (1 / fields.number("logits_scaling", 1)), 0));
    }
}
