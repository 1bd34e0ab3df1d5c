package dev.weft.inference.cpu.model.weights;

import dev.weft.format.checkpoint.CheckpointFolder;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.name.Edge;
import dev.weft.format.safetensors.Tensor;
import dev.weft.format.safetensors.WeightMatrix;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.vector.RmsNorm;
import dev.weft.inference.cpu.lora.AdaptedBase;
import dev.weft.inference.cpu.lora.LoraSlot;
import dev.weft.protocol.adapter.LinearModule;
import java.util.List;

/**
 * The weights of a model: packed linear layers, and the embedding in the mapped checkpoint (only
 * the rows that are asked for are read).
 *
 * @param loader packs merged layers from the checkpoint
 * @param packing the linear layers' memory
 * @param embedding {@code [vocabulary][hidden]}
 * @param packedHead {@code [vocabulary][hidden]}
 */
public record DecoderWeights(
        CheckpointFolder checkpoint,
        WeightLoader loader,
        Packing packing,
        Tensor embedding,
        List<LayerWeights> layers,
        RmsNorm finalNorm,
        Linear packedHead)
        implements AdaptedBase, AutoCloseable {
    public DecoderWeights {
        layers = List.copyOf(layers);
    }

    public ModelConfig config() {
        return checkpoint.config();
    }

    /** Begins to fold an adapter in. */
    public Merge merge(LoraSlot slot) {
        return new Merge(loader, layers, slot);
    }

    @Override
    public WeightSource weights(int layer, LinearModule module) {
        return loader.weights(layer, module);
    }

    @Override
    public WeightSource head() {
        return loader.head();
    }

    @Override
    public WeightMatrix edge(Edge edge) {
        boolean own = edge == Edge.HEAD && !config().vocabulary().tied();
        return own ? loader.headMatrix() : embedding;
    }

    @Override
    public Norm norm(String path) {
        return new BaseNorms(config().plan(), layers, finalNorm).get(path);
    }

    @Override
    public void close() {
        layers.forEach(LayerWeights::close);
        packedHead.close();
        packing.close();
        checkpoint.close();
    }
}
