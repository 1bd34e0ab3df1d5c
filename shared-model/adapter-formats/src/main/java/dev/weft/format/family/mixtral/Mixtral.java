package dev.weft.format.family.mixtral;

import dev.weft.format.decoder.AttentionPlan;
import dev.weft.format.decoder.BlockPlan;
import dev.weft.format.decoder.DecoderPlan;
import dev.weft.format.decoder.ExpertTensors;
import dev.weft.format.decoder.Experts;
import dev.weft.format.family.FamilySizes;
import dev.weft.format.family.ModelFamily;
import dev.weft.format.family.ModelFields;
import dev.weft.format.family.RopeReader;
import dev.weft.format.family.Routings;
import dev.weft.format.family.UnreadWindows;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/** Mixtral. */
public final class Mixtral implements ModelFamily {
    @Override
    public String modelType() {
        return "mixtral";
    }

    @Override
    public List<String> architectures() {
        return List.of("MixtralForCausalLM");
    }

    @Override
    public OptionalInt endToken() {
        return OptionalInt.of(2);
    }

    @Override
    public DecoderPlan read(ModelFields fields) {
        FamilySizes sizes =
                FamilySizes.read(fields, new FamilySizes.Defaults(8, 0, 4096 * 32, 1e-5));
        int window = fields.window("sliding_window", 0);
        UnreadWindows.refuse(fields, sizes, window);
        AttentionPlan attention =
                new AttentionPlan(
                        sizes.heads(),
                        AttentionPlan.Scores.of(sizes.heads().size(), window),
                        null,
                        RopeReader.of(fields, sizes, 1_000_000).whole(),
                        AttentionPlan.Biases.NONE,
                        false);
        int count = Routings.count(fields, 8);
        Routings.siluOnly(fields);
        Experts experts =
                new Experts(
                        sizes.width(),
                        count,
                        new Experts.Routing(
                                Routings.chosen(fields, 2, count),
                                Experts.Weights.OF_CHOSEN,
                                false),
                        new Experts.Gate.Silu(),
                        "block_sparse_moe.gate",
                        new ExpertTensors.Single("block_sparse_moe.experts.", "w1", "w3", "w2"));
        BlockPlan block =
                new BlockPlan(attention, experts, BlockPlan.Norms.before(sizes.epsilon()), 1);
        return sizes.plan(
                fields.flag("tie_word_embeddings", false),
                Collections.nCopies(sizes.layers(), block));
    }
}
