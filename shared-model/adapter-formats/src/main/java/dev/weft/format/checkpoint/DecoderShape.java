package dev.weft.format.checkpoint;

import dev.weft.format.decoder.AttentionPlan;
import dev.weft.format.decoder.BlockPlan;
import dev.weft.format.decoder.DecoderPlan;
import dev.weft.protocol.adapter.LinearModule;
import java.util.Collections;
import java.util.List;

/**
 * The layers of a decoder and the sizes of their linear modules. Adapters are held against it.
 *
 * @param intermediateSize width of the MLP
 * @param modules those of each layer that an adapter may change, as the checkpoint has them
 */
public record DecoderShape(
        int hiddenSize,
        Attention attention,
        int intermediateSize,
        List<List<LinearModule>> modules) {
    /**
     * The attention heads of each layer.
     *
     * @param headDim may differ from {@code hiddenSize / heads}
     */
    public record Attention(int heads, int kvHeads, int headDim) {}

    public DecoderShape {
        modules = modules.stream().map(List::copyOf).toList();
    }

    /** Layers that have each module as a matrix of its own. */
    public DecoderShape(int layers, int hiddenSize, Attention attention, int intermediateSize) {
        this(
                hiddenSize,
                attention,
                intermediateSize,
                Collections.nCopies(layers, LinearModule.SEPARATE));
    }

    static DecoderShape of(DecoderPlan plan) {
        AttentionPlan.Heads heads = plan.blocks().getFirst().attention().heads();
        int width =
                plan.blocks().stream()
                        .map(BlockPlan::feedForward)
                        .filter(part -> !part.modules().isEmpty())
                        .findFirst()
                        .orElseGet(() -> plan.blocks().getFirst().feedForward())
                        .width();
        return new DecoderShape(
                plan.embedding().hiddenSize(),
                new Attention(heads.queries(), heads.keys(), heads.size()),
                width,
                plan.blocks().stream().map(BlockPlan::modules).toList());
    }

    public int layers() {
        return modules.size();
    }

    /** True if a layer has this module, as a matrix of its own. */
    public boolean has(int layer, LinearModule module) {
        return modules.get(layer).contains(module);
    }

    /** The modules that any layer has, in the order of {@link LinearModule}. */
    public List<LinearModule> allModules() {
        return modules.stream().flatMap(List::stream).distinct().sorted().toList();
    }

    /** Input columns of a module's weight. */
    public int inputSize(LinearModule module) {
        return switch (module) {
            case Q, K, V, QKV, GATE, UP, GATE_UP -> hiddenSize;
            case O -> attention.heads * attention.headDim;
            case DOWN -> intermediateSize;
        };
    }

    /** Output rows of a module's weight. */
    public int outputSize(LinearModule module) {
        return switch (module) {
            case Q -> attention.heads * attention.headDim;
            case K, V -> attention.kvHeads * attention.headDim;
            case QKV -> (attention.heads + 2 * attention.kvHeads) * attention.headDim;
            case O, DOWN -> hiddenSize;
            case GATE, UP -> intermediateSize;
            case GATE_UP -> 2 * intermediateSize;
        };
    }
}
