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
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** SmolLM3: Llama's blocks, some of which rotate no positions. */
public final class SmolLm3 implements ModelFamily {
    @Override
    public String modelType() {
        return "smollm3";
    }

    @Override
    public List<String> architectures() {
        return List.of("SmolLM3ForCausalLM");
    }

    @Override
    public OptionalInt padding() {
        return OptionalInt.of(128_004);
    }

    @Override
    public OptionalInt endToken() {
        return OptionalInt.of(128_001);
    }

    @Override
    public DecoderPlan read(ModelFields fields) {
        FamilySizes sizes = FamilySizes.read(fields, new FamilySizes.Defaults(4, 0, 32768, 1e-6));
        List<Boolean> rotated = rotated(fields, sizes.layers());
        boolean windows = fields.flag("use_sliding_window", false);
        int window = windows ? fields.window("sliding_window", 0) : 0;
        List<Boolean> windowed =
                fields.windowed(rotated.stream().map(rope -> window > 0 && !rope).toList(), window);
        RopePlan rope = RopeReader.of(fields, sizes, 2_000_000).whole();
        AttentionPlan.Biases biases =
                AttentionPlan.Biases.all(fields.flag("attention_bias", false));
        Dense dense =
                new Dense(
                        sizes.width(),
                        fields.activation("hidden_act", "silu"),
                        false,
                        fields.flag("mlp_bias", false));
        List<BlockPlan> blocks =
                IntStream.range(0, sizes.layers())
                        .mapToObj(layer ->
                                new AttentionPlan(
                                        sizes.heads(),
                                        AttentionPlan.Scores.of(
                                                sizes.heads().size(),
                                                windowed.get(layer) ? window : 0),
                                        null,
                                        rotated.get(layer) ? rope : null,
                                        biases,
                                        false))
                        .map(attention ->
                                new BlockPlan(
                                        attention,
                                        dense,
                                        BlockPlan.Norms.before(sizes.epsilon()),
                                        1))
                        .toList();
        return sizes.plan(fields.flag("tie_word_embeddings", true), blocks);
    }

    /**
     * Whether each layer rotates, by {@code no_rope_layers}, in which 1 stands for one that does.
     */
    private static List<Boolean> rotated(ModelFields fields, int layers) {
        int interval = fields.size("no_rope_layer_interval", 4);
        List<Boolean> fallback =
                IntStream.range(0, layers).mapToObj(i -> (i + 1) % interval != 0).toList();
        return fields.marks("no_rope_layers", layers, fallback);
    }
}
