package dev.weft.inference.cpu.model.weights;

import dev.weft.format.checkpoint.CheckpointFolder;
import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.decoder.AttentionPlan;
import dev.weft.format.decoder.BlockPlan;
import dev.weft.format.decoder.DecoderPlan;
import dev.weft.format.decoder.Dense;
import dev.weft.format.decoder.Experts;
import dev.weft.format.decoder.NormPlan;
import dev.weft.format.decoder.RopePlan;
import dev.weft.format.safetensors.WeightMatrix;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.attention.ScoreRule;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.vector.Bias;
import dev.weft.inference.cpu.kernel.vector.RmsNorm;
import dev.weft.inference.cpu.lora.LoraSite;
import dev.weft.protocol.adapter.LinearModule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Packs the layers of a checkpoint one after the other. The team's owner uses it. */
final class BlockLoader {
    private final CheckpointFolder checkpoint;
    private final DecoderShape shape;
    private final DecoderPlan plan;
    private final List<RopePlan> ropes;
    private final Kernels kernels;
    private final Packing packing;
    private boolean denseTested;

    BlockLoader(CheckpointFolder checkpoint, Kernels kernels, Packing packing) {
        this.checkpoint = checkpoint;
        this.shape = checkpoint.config().shape();
        this.plan = checkpoint.config().plan();
        this.ropes = plan.ropes();
        this.kernels = kernels;
        this.packing = packing;
    }

    LayerWeights load(int layer) {
        BlockPlan block = plan.blocks().get(layer);
        TensorReader tensors = TensorReader.layer(checkpoint, layer);
        AttentionWeights attention = attention(tensors, block, layer);
        return new LayerWeights(attention, feedForward(tensors, block, layer));
    }

    private AttentionWeights attention(TensorReader tensors, BlockPlan block, int layer) {
        AttentionPlan attention = block.attention();
        List<LinearModule> input = LoraSite.ATTENTION_INPUT.modules(shape, layer);
        Bias outputBias =
                attention.biases().output() ? tensors.bias(List.of(LinearModule.O)) : null;
        return new AttentionWeights(
                norm(tensors, block.norms().beforeAttention()),
                linear(tensors, LoraSite.ATTENTION_INPUT, layer, layer == 0),
                new AttentionWeights.Inner(
                        attention.biases().input() ? tensors.bias(input) : null,
                        norms(tensors, attention),
                        rule(tensors, attention),
                        attention.rope() == null ? -1 : ropes.indexOf(attention.rope())),
                linear(tensors, LoraSite.ATTENTION_OUTPUT, layer, layer == 0),
                new Joint(
                        outputBias,
                        norm(tensors, block.norms().afterAttention()),
                        block.residualFactor()));
    }

    private AttentionWeights.@Nullable QueryKeyNorms norms(
            TensorReader tensors, AttentionPlan plan) {
        AttentionPlan.QueryKeyNorms norms = plan.norms();
        if (norms == null) {
            return null;
        }
        int size = plan.heads().size();
        int queries =
                switch (norms.extent()) {
                    case HEAD -> size;
                    case PROJECTION -> size * plan.heads().queries();
                };
        int keys =
                switch (norms.extent()) {
                    case HEAD -> size;
                    case PROJECTION -> size * plan.heads().keys();
                };
        return new AttentionWeights.QueryKeyNorms(
                tensors.norm(norms.query(), queries),
                tensors.norm(norms.key(), keys),
                norms.extent(),
                norms.afterRope());
    }

    private static ScoreRule rule(TensorReader tensors, AttentionPlan plan) {
        AttentionPlan.Scores scores = plan.scores();
        float[] sinks =
                scores.sinks() ? tensors.floats("self_attn.sinks", plan.heads().queries()) : null;
        return new ScoreRule(scores.scale(), scores.window(), scores.cap(), sinks);
    }

    private MlpWeights feedForward(TensorReader tensors, BlockPlan block, int layer) {
        return switch (block.feedForward()) {
            case Dense dense -> dense(tensors, block, dense, layer);
            case Experts experts ->
                    new MlpWeights.OfExperts(
                            norm(tensors, block.norms().beforeFeedForward()),
                            new ExpertLoader(tensors, kernels, packing, shape.hiddenSize())
                                    .load(experts, first(layer)),
                            new Joint(
                                    null,
                                    norm(tensors, block.norms().afterFeedForward()),
                                    block.residualFactor()));
        };
    }

    /** Whether no layer below has experts. */
    private boolean first(int layer) {
        return plan.blocks().subList(0, layer).stream()
                .noneMatch(block -> block.feedForward() instanceof Experts);
    }

    private MlpWeights dense(TensorReader tensors, BlockPlan block, Dense dense, int layer) {
        boolean tested = !denseTested;
        denseTested = true;
        List<LinearModule> input = LoraSite.MLP_INPUT.modules(shape, layer);
        Bias downBias = dense.biases() ? tensors.bias(List.of(LinearModule.DOWN)) : null;
        return new MlpWeights.OfAll(
                norm(tensors, block.norms().beforeFeedForward()),
                linear(tensors, LoraSite.MLP_INPUT, layer, tested),
                dense.biases() ? tensors.bias(input) : null,
                dense.activation(),
                linear(tensors, LoraSite.MLP_OUTPUT, layer, tested),
                new Joint(
                        downBias,
                        norm(tensors, block.norms().afterFeedForward()),
                        block.residualFactor()));
    }

    private Linear linear(TensorReader tensors, LoraSite site, int layer, boolean tested) {
        WeightMatrix[] weights = tensors.weights(site.modules(shape, layer));
        Linear linear = packing.next(weights);
        if (tested) {
            kernels.selfTest(site.name(), linear, weights);
        }
        return linear;
    }

    private @Nullable RmsNorm norm(TensorReader tensors, @Nullable NormPlan norm) {
        return norm == null ? null : tensors.norm(norm, shape.hiddenSize());
    }
}
