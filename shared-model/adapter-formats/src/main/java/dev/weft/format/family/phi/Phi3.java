package dev.weft.format.family.phi;

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

/** Phi 3, 3.5 and 4. */
public final class Phi3 implements ModelFamily {
    /** {@code original_max_position_embeddings} of transformers' class. */
    private static final int ORIGINAL = 4096;

    @Override
    public String modelType() {
        return "phi3";
    }

    @Override
    public List<String> architectures() {
        return List.of("Phi3ForCausalLM");
    }

    @Override
    public OptionalInt padding() {
        return OptionalInt.of(32_000);
    }

    @Override
    public OptionalInt endToken() {
        return OptionalInt.of(32_000);
    }

    @Override
    public DecoderPlan read(ModelFields fields) {
        FamilySizes sizes = FamilySizes.read(fields, new FamilySizes.Defaults(0, 0, 4096, 1e-5));
        int window = fields.window("sliding_window", 0);
        UnreadWindows.refuse(fields, sizes, window);
        AttentionPlan attention =
                new AttentionPlan(
                        sizes.heads(),
                        AttentionPlan.Scores.of(sizes.heads().size(), window),
                        null,
                        rope(fields, sizes),
                        AttentionPlan.Biases.NONE,
                        true);
        Dense dense =
                new Dense(sizes.width(), fields.activation("hidden_act", "silu"), true, false);
        BlockPlan block =
                new BlockPlan(attention, dense, BlockPlan.Norms.before(sizes.epsilon()), 1);
        return sizes.plan(
                fields.flag("tie_word_embeddings", false),
                Collections.nCopies(sizes.layers(), block));
    }

    /** Older files call longrope {@code su}, or {@code yarn}. */
    private static RopePlan rope(ModelFields fields, FamilySizes sizes) {
        RopeReader reader = RopeReader.of(fields, sizes, 10_000).withOriginal(ORIGINAL);
        return switch (reader.type()) {
            case "su", "yarn", "longrope" -> reader.partial("longrope");
            case "default" -> reader.partial("default");
            default -> {
                fields.refuse("rope_type", "'" + reader.type() + "'", "default and longrope");
                yield reader.partial("default");
            }
        };
    }
}
