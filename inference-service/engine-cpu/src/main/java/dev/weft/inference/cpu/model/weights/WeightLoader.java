package dev.weft.inference.cpu.model.weights;

import dev.weft.format.checkpoint.CheckpointException;
import dev.weft.format.checkpoint.CheckpointFolder;
import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.weight.WeightScan;
import dev.weft.format.safetensors.Tensor;
import dev.weft.format.safetensors.WeightMatrix;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.matrix.LargePages;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.lora.LoraBlock;
import dev.weft.inference.cpu.lora.LoraSite;
import dev.weft.inference.cpu.lora.OwnBase;
import dev.weft.protocol.adapter.LinearModule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Packs a checkpoint's weights, layer by layer, and tests the kernels on the first layer of each
 * kind and the head, which together have every shape.
 */
public final class WeightLoader {
    private static final String BIAS = ".bias";
    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final String HEAD = "lm_head";
    private static final long SLAB_BYTES = 64L << 20;

    /** Tensors that a refusal names at most. */
    private static final int NAMED = 5;

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
     * @throws CheckpointException if a tensor is missing or does not fit, or if one is left that
     *     the decoder does not have, or if a head differs from the embedding that config.json says
     *     it is
     * @throws IllegalStateException if a kernel fails its self-test
     */
    public DecoderWeights load(Consumer<String> progress) {
        return load(new Packing.Fresh(kernels), progress);
    }

    /** Loads all weights, with linear layers that are packed in a given way. */
    DecoderWeights load(Packing packing, Consumer<String> progress) {
        Tensor embedding = edge(EMBEDDING);
        refuseOtherHead(embedding, packing);
        BlockLoader blocks = new BlockLoader(checkpoint, kernels, packing);
        List<LayerWeights> layers = new ArrayList<>();
        for (int layer = 0; layer < shape.layers(); layer++) {
            layers.add(blocks.load(layer));
            checkpoint.giveBack();
            if ((layer + 1) % Math.max(1, shape.layers() / 4) == 0) {
                progress.accept(packing.progress(layer + 1, shape.layers()));
            }
        }
        WeightMatrix head = headMatrix();
        Linear packedHead = packing.next(head);
        kernels.selfTest(HEAD, packedHead, head);
        TensorReader reader = new TensorReader(checkpoint, "");
        DecoderWeights weights =
                new DecoderWeights(
                        checkpoint,
                        this,
                        packing,
                        embedding,
                        layers,
                        reader.norm(config.plan().norm(), shape.hiddenSize()),
                        packedHead);
        refuseUnread();
        checkpoint.giveBack();
        progress.accept("self-test passed on " + kernels.name());
        return weights;
    }

    private Tensor edge(String name) {
        return checkpoint.tensor(name, config.vocabulary().size(), shape.hiddenSize());
    }

    /** The weights of the head, as they are stored. Any thread. */
    WeightMatrix headMatrix() {
        return config.vocabulary().tied()
                ? edge(EMBEDDING)
                : checkpoint.matrix(HEAD, config.vocabulary().size(), shape.hiddenSize());
    }

    /** The weights of the head, as they are packed. Any thread. */
    WeightSource head() {
        return new WeightSource(List.of(headMatrix()), null);
    }

    /** Memory for packed weights. */
    static LargePages memory() {
        return new LargePages(SLAB_BYTES);
    }

    /** A layer's weights at one site with an adapter folded into them. */
    Linear merged(LargePages memory, LoraSite site, int layer, LoraBlock adapter) {
        WeightMatrix[] weights =
                TensorReader.layer(checkpoint, layer).weights(site.modules(shape, layer));
        Linear merged = kernels.changed(memory, adapter.asChange(), weights);
        checkpoint.giveBack();
        return merged;
    }

    /** The weights of a linear layer, as they are packed. Any thread. */
    WeightSource weights(int layer, LinearModule module) {
        WeightMatrix[] weights = TensorReader.layer(checkpoint, layer).weights(List.of(module));
        return new WeightSource(List.of(weights), null);
    }

    /**
     * If config.json ties the head, transformers 4 uses the embedding as the head; transformers 5
     * uses a stored head that differs from it. A head that equals the embedding is accepted. A copy
     * of packed weights is made only after that check, so its head need not be compared.
     */
    private void refuseOtherHead(Tensor embedding, Packing packing) {
        if (!hasTiedHead()) {
            return;
        }
        String name = HEAD + ".weight";
        Tensor head = edge(name);
        if (packing instanceof Packing.Copied) {
            return;
        }
        if (!OwnBase.isCopy(head, embedding)) {
            throw new CheckpointException(
                    "config.json: tie_word_embeddings true is not served with a tensor "
                            + name
                            + " that differs from "
                            + EMBEDDING
                            + "; served are equal ones, and tie_word_embeddings false");
        }
        checkpoint.giveBack();
    }

    /** Whether the checkpoint stores a head beside the embedding that it is tied to. */
    boolean hasTiedHead() {
        return config.vocabulary().tied() && checkpoint.has(HEAD + ".weight");
    }

    /** Older tools for GPTQ write a bias of zeros for linear layers that have none. */
    private boolean isEmptyBias(Tensor tensor) {
        String name = tensor.name();
        return name.endsWith(BIAS)
                && checkpoint.has(name.substring(0, name.length() - BIAS.length()) + ".qweight")
                && WeightScan.allZero(tensor.data());
    }

    /**
     * Refuses tensors that nothing was made of, such as a bias: they would silently be left out.
     */
    private void refuseUnread() {
        List<String> unread =
                checkpoint.rest().stream()
                        .filter(tensor -> !isEmptyBias(tensor))
                        .map(Tensor::name)
                        .filter(name -> !name.endsWith("rotary_emb.inv_freq"))
                        .toList();
        if (!unread.isEmpty()) {
            throw new CheckpointException(
                    unread.stream()
                            .limit(NAMED)
                            .map(name ->
                                    "tensor "
                                            + name
                                            + " is not served for model_type "
                                            + config.family()
                                            + " as config.json describes it")
                            .toList());
        }
    }
}
