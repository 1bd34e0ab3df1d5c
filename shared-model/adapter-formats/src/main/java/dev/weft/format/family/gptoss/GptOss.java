package dev.weft.format.family.gptoss;

import dev.weft.format.decoder.AttentionPlan;
import dev.weft.format.decoder.BlockPlan;
import dev.weft.format.decoder.DecoderPlan;
import dev.weft.format.decoder.ExpertTensors;
import dev.weft.format.decoder.Experts;
import dev.weft.format.decoder.RopePlan;
import dev.weft.format.family.FamilySizes;
import dev.weft.format.family.ModelFamily;
import dev.weft.format.family.ModelFields;
import dev.weft.format.family.RopeReader;
import dev.weft.format.family.Routings;
import java.util.List;
import java.util.stream.IntStream;

/** gpt-oss with weights in bf16. */
public final class GptOss implements ModelFamily {
    @Override
    public String modelType() {
        return "gpt_oss";
    }

    @Override
    public List<String> architectures() {
        return List.of("GptOssForCausalLM");
    }

    @Override
    public DecoderPlan read(ModelFields fields) {
        FamilySizes sizes = FamilySizes.read(fields, new FamilySizes.Defaults(8, 64, 131072, 1e-5));
        if (!fields.isSet("rope_parameters") && !fields.isSet("rope_scaling")) {
            fields.refuse("rope_parameters", "(missing)", "one, or rope_scaling");
        }
        RopePlan rope = RopeReader.of(fields, sizes, 150_000).whole();
        int window = fields.window("sliding_window", 128);
        List<Boolean> windowed =
                fields.windowed(
                        IntStream.range(0, sizes.layers()).mapToObj(i -> i % 2 == 0).toList(),
                        window);
        AttentionPlan.Biases biases = AttentionPlan.Biases.all(fields.flag("attention_bias", true));
        Experts experts = experts(fields, sizes);
        List<BlockPlan> blocks =
                windowed.stream()
                        .map(seesWindow ->
                                new AttentionPlan.Scores(
                                        (float) (1.0 / Math.sqrt(sizes.heads().size())),
                                        seesWindow ? window : 0,
                                        0,
                                        true))
                        .map(scores ->
                                new AttentionPlan(sizes.heads(), scores, null, rope, biases, false))
                        .map(attention ->
                                new BlockPlan(
                                        attention,
                                        experts,
                                        BlockPlan.Norms.before(sizes.epsilon()),
                                        1))
                        .toList();
        return sizes.plan(fields.flag("tie_word_embeddings", false), blocks);
    }

    private static Experts experts(ModelFields fields, FamilySizes sizes) {
        int count = Routings.count(fields, 128);
        return new Experts(
                sizes.width(),
                count,
                new Experts.Routing(
                        Routings.chosen(fields, 4, count), Experts.Weights.OF_CHOSEN, true),
                new Experts.Gate.Clamped(
                        (float) fields.number("swiglu_alpha", 1.702),
                        (float) fields.number("swiglu_limit", 7)),
                "mlp.router",
                new ExpertTensors.Interleaved("mlp.experts.", "gate_up_proj", "down_proj"));
    }
}
