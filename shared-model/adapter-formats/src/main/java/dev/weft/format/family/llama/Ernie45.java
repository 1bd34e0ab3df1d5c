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

/** Ernie 4.5, dense: Llama's blocks that rotate neighbouring elements. */
public final class Ernie45 implements ModelFamily {
    @Override
    public String modelType() {
        return "ernie4_5";
    }

    @Override
    public List<String> architectures() {
        return List.of("Ernie4_5ForCausalLM");
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
        FamilySizes sizes =
                FamilySizes.read(fields, new FamilySizes.Defaults(2, 128, 131072, 1e-5));
        UnreadWindows.refuse(fields, sizes);
        boolean biases = fields.flag("use_bias", false);
        AttentionPlan attention =
                new AttentionPlan(
                        sizes.heads(),
                        AttentionPlan.Scores.of(sizes.heads().size(), 0),
                        null,
                        RopeReader.of(fields, sizes, 500_000).whole(RopePlan.Pairs.NEIGHBOURS),
                        AttentionPlan.Biases.all(biases),
                        false);
        Dense dense =
                new Dense(sizes.width(), fields.activation("hidden_act", "silu"), false, biases);
        BlockPlan block =
                new BlockPlan(attention, dense, BlockPlan.Norms.before(sizes.epsilon()), 1);
        return sizes.plan(
                fields.flag("tie_word_embeddings", true),
                Collections.nCopies(sizes.layers(), block));
    }
}
