package dev.weft.format.family.llama;

import dev.weft.format.decoder.AttentionPlan;
import dev.weft.format.decoder.BlockPlan;
import dev.weft.format.decoder.DecoderPlan;
import dev.weft.format.decoder.Dense;
import dev.weft.format.family.FamilySizes;
import dev.weft.format.family.ModelFamily;
import dev.weft.format.family.ModelFields;
import dev.weft.format.family.RopeReader;
import dev.weft.format.family.UnreadWindows;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/** Mistral: Llama's blocks without biases; all layers may see a window only. */
public final class Mistral implements ModelFamily {
    @Override
    public String modelType() {
        return "mistral";
    }

    @Override
    public List<String> architectures() {
        return List.of("MistralForCausalLM");
    }

    @Override
    public OptionalInt endToken() {
        return OptionalInt.of(2);
    }

    @Override
    public DecoderPlan read(ModelFields fields) {
        if (fields.isSet("layer_types")) {
            fields.refuse("layer_types", "of a mistral", "none");
        }
        FamilySizes sizes =
                FamilySizes.read(fields, new FamilySizes.Defaults(8, 0, 4096 * 32, 1e-6));
        int window = fields.window("sliding_window", 4096);
        UnreadWindows.refuseChunks(fields, sizes, window);
        AttentionPlan attention =
                new AttentionPlan(
                        sizes.heads(),
                        AttentionPlan.Scores.of(sizes.heads().size(), window),
                        null,
                        RopeReader.of(fields, sizes, 10_000).whole(),
                        AttentionPlan.Biases.NONE,
                        false);
        Dense dense =
                new Dense(sizes.width(), fields.activation("hidden_act", "silu"), false, false);
        BlockPlan block =
                new BlockPlan(attention, dense, BlockPlan.Norms.before(sizes.epsilon()), 1);
        return sizes.plan(
                fields.flag("tie_word_embeddings", false),
                Collections.nCopies(sizes.layers(), block));
    }
}
