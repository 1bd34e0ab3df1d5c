package dev.weft.inference.cpu.model;

import dev.weft.format.checkpoint.CheckpointFolder;
import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.matrix.LargePages;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.vector.Bias;
import dev.weft.inference.cpu.kernel.vector.RmsNorm;
import dev.weft.inference.cpu.lora.LoraBlock;
import dev.weft.inference.cpu.lora.LoraSite;
import dev.weft.protocol.adapter.LinearModule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Packs a checkpoint's weights, layer by layer, and tests the kernels on the first layer and the
 * head, which together have every shape.
 */
public final class WeightLoader {
    private static final long SLAB_BYTES = 64L << 20;

    private final CheckpointFolder checkpoint;
    private final ModelConfig config;
    private final DecoderShape shape;
    private final Kernels kernels;

    public WeightLoader(CheckpointFolder checkpoint, Kernels kernels) {
        this.checkpoint = checkpoint;
        this.config = checkpoint.config();
        this.shape = config.shape();
        this.kernels = kernels;
    }

    /**
     * Loads everything.
     *
     * @param progress gets a line now and then
     * @throws dev.weft.format.checkpoint.CheckpointException if a tensor is missing or does not fit
     * @throws IllegalStateException if a kernel fails its self-test
     */
    public DecoderWeights load(Consumer<String> progress) {
        return load(new Packing.Fresh(kernels), progress);
    }

    /** The same, with linear layers that are packed so. */
    DecoderWeights load(Packing packing, Consumer<String> progress) {
        Tensor embedding =
                checkpoint.tensor(
                        "model.embed_tokens.weight",
                        config.vocabulary().size(),
                        shape.hiddenSize());
        List<LayerWeights> layers = new ArrayList<>();
        for (int layer = 0; layer < shape.layers(); layer++) {
            layers.add(layer(packing, layer));
            checkpoint.giveBack();
            if ((layer + 1) % Math.max(1, shape.layers() / 4) == 0) {
                progress.accept(packing.progress(layer + 1, shape.layers()));
            }
        }
        Tensor head =
                config.vocabulary().tied()
                        ? embedding
                        : checkpoint.tensor(
                                "lm_head.weight", config.vocabulary().size(), shape.hiddenSize());
        Linear packedHead = packing.next(head);
        kernels.selfTest("lm_head", packedHead, head);
        RmsNorm norm = norm("model.norm.weight", shape.hiddenSize());
        checkpoint.giveBack();
        progress.accept("self-test passed on " + kernels.name());
        return new DecoderWeights(checkpoint, this, packing, embedding, layers, norm, packedHead);
    }

    private LayerWeights layer(Packing packing, int layer) {
        String prefix = "model.layers." + layer + ".";
        boolean norms = config.family().qkNorm();
        refuseUnknownBiases(prefix);
        AttentionWeights attention =
                new AttentionWeights(
                        norm(prefix + "input_layernorm.weight", shape.hiddenSize()),
                        tested(packing, LoraSite.ATTENTION_INPUT, layer),
                        config.family().qkvBias() ? qkvBias(prefix) : null,
                        norms
                                ? norm(
                                        prefix + "self_attn.q_norm.weight",
                                        shape.attention().headDim())
                                : null,
                        norms
                                ? norm(
                                        prefix + "self_attn.k_norm.weight",
                                        shape.attention().headDim())
                                : null,
                        tested(packing, LoraSite.ATTENTION_OUTPUT, layer));
        MlpWeights mlp =
                new MlpWeights(
                        norm(prefix + "post_attention_layernorm.weight", shape.hiddenSize()),
                        tested(packing, LoraSite.MLP_INPUT, layer),
                        tested(packing, LoraSite.MLP_OUTPUT, layer));
        return new LayerWeights(attention, mlp);
    }

    private Linear tested(Packing packing, LoraSite site, int layer) {
        Linear linear = packing.next(weights(site, layer));
        if (layer == 0) {
            kernels.selfTest(site.name(), linear, weights(site, layer));
        }
        return linear;
    }

    /** For packed weights. */
    static LargePages memory() {
        return new LargePages(SLAB_BYTES);
    }

    /** A layer's weights at one site with an adapter folded into them. */
    Linear merged(LargePages memory, LoraSite site, int layer, LoraBlock adapter) {
        Linear merged = kernels.changed(memory, adapter.asChange(), weights(site, layer));
        checkpoint.giveBack();
        return merged;
    }

    private Tensor[] weights(LoraSite site, int layer) {
        String prefix = "model.layers." + layer + ".";
        return site.modules().stream().map(m -> weight(prefix, m)).toArray(Tensor[]::new);
    }

    private Tensor weight(String prefix, LinearModule module) {
        return checkpoint.tensor(
                prefix + module.path() + ".weight",
                shape.outputSize(module),
                shape.inputSize(module));
    }

    /** Refuses biases that config.json does not announce: they would silently be left out. */
    private void refuseUnknownBiases(String prefix) {
        for (LinearModule module : LinearModule.values()) {
            boolean expected =
                    config.family().qkvBias()
                            && (module == LinearModule.Q
                                    || module == LinearModule.K
                                    || module == LinearModule.V);
            String name = prefix + module.path() + ".bias";
            if (!expected && checkpoint.has(name)) {
                throw new dev.weft.format.checkpoint.CheckpointException(
                        "tensor "
                                + name
                                + " is a bias that is not served for model_type "
                                + config.family().modelType());
            }
        }
    }

    private @Nullable Bias qkvBias(String prefix) {
        int q = shape.outputSize(LinearModule.Q);
        int kv = shape.outputSize(LinearModule.K);
        float[] bias = new float[q + 2 * kv];
        checkpoint.tensor(prefix + "self_attn.q_proj.bias", q).copyTo(0, bias, 0, q);
        checkpoint.tensor(prefix + "self_attn.k_proj.bias", kv).copyTo(0, bias, q, kv);
        checkpoint.tensor(prefix + "self_attn.v_proj.bias", kv).copyTo(0, bias, q + kv, kv);
        return new Bias(bias);
    }

    private RmsNorm norm(String name, int size) {
        float[] weight = new float[size];
        checkpoint.tensor(name, size).copyTo(0, weight, 0, size);
        return new RmsNorm(weight, config.rmsNormEps());
    }
}
