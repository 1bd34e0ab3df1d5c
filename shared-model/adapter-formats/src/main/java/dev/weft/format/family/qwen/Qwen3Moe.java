package dev.weft.format.family.qwen;

import dev.weft.format.decoder.AttentionPlan;
import dev.weft.format.decoder.BlockPlan;
import dev.weft.format.decoder.DecoderPlan;
import dev.weft.format.decoder.Dense;
import dev.weft.format.decoder.ExpertTensors;
import dev.weft.format.decoder.Experts;
import dev.weft.format.decoder.FeedForward;
import dev.weft.format.family.FamilySizes;
import dev.weft.format.family.ModelFamily;
import dev.weft.format.family.ModelFields;
import dev.weft.format.family.RopeReader;
import dev.weft.format.family.Routings;
import dev.weft.format.family.UnreadWindows;
import java.util.List;
import java.util.stream.IntStream;

/** Qwen 3 with experts in some or all layers. */
public final class Qwen3Moe implements ModelFamily {
    @Override
    public String modelType() {
        return "qwen3_moe";
    }

    @Override
    public List<String> architectures() {
        return List.of("Qwen3MoeForCausalLM");
    }

    @Override
    public DecoderPlan read(ModelFields fields) {
        FamilySizes sizes = FamilySizes.read(fields, new FamilySizes.Defaults(4, 0, 32768, 1e-6));
        int window =
                fields.flag("use_sliding_window", false)
                        ? fields.window("sliding_window", 4096)
                        : 0;
        UnreadWindows.refuse(fields, sizes, window);
        AttentionPlan attention =
                new AttentionPlan(
                        sizes.heads(),
                        AttentionPlan.Scores.of(sizes.heads().size(), window),
                        HeadNorms.of(sizes.epsilon()),
                        RopeReader.of(fields, sizes, 10_000).whole(),
                        AttentionPlan.Biases.all(fields.flag("attention_bias", false)),
                        false);
        FeedForward dense =
                new Dense(sizes.width(), fields.activation("hidden_act", "silu"), false, false);
        FeedForward experts = experts(fields);
        int step = fields.size("decoder_sparse_step", 1);
        List<Integer> only = fields.layers("mlp_only_layers");
        List<BlockPlan> blocks =
                IntStream.range(0, sizes.layers())
                        .mapToObj(layer ->
                                !only.contains(layer) && (layer + 1) % step == 0 ? experts : dense)
                        .map(part ->
                                new BlockPlan(
                                        attention,
                                        part,
                                        BlockPlan.Norms.before(sizes.epsilon()),
                                        1))
                        .toList();
        return sizes.plan(fields.flag("tie_word_embeddings", false), blocks);
    }

    private static Experts experts(ModelFields fields) {
        int count = Routings.count(fields, 128);
        Experts.Weights weights =
                fields.flag("norm_topk_prob", false)
                        ? Experts.Weights.OF_CHOSEN
                        : Experts.Weights.OF_ALL;
        Routings.siluOnly(fields);
        return new Experts(
                fields.size("moe_intermediate_size", 768),
                count,
                new Experts.Routing(Routings.chosen(fields, 8, count), weights, false),
                new Experts.Gate.Silu(),
                "mlp.gate",
                new ExpertTensors.Single("mlp.experts.", "gate_proj", "up_proj", "down_proj"));
    }
}
