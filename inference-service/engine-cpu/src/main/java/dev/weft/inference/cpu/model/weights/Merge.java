package dev.weft.inference.cpu.model.weights;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.inference.cpu.kernel.matrix.LargePages;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.lora.LoraBlock;
import dev.weft.inference.cpu.lora.LoraSite;
import dev.weft.inference.cpu.lora.LoraSlot;
import dev.weft.protocol.adapter.LinearModule;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The base's weights with one adapter folded in, beside the base itself: only the layers that the
 * adapter changes exist twice. They are packed piece by piece between steps, so that no step waits
 * for all of it. Owner thread only.
 */
public final class Merge implements AutoCloseable {
    private final WeightLoader loader;
    private final LoraSlot slot;
    private final List<LayerWeights> layers;
    private final LargePages memory = WeightLoader.memory();
    private final List<Linear> packed = new ArrayList<>();
    private final Deque<Piece> left = new ArrayDeque<>();

    private record Piece(int layer, LoraSite site, LoraBlock block) {}

    /** A merge with nothing packed yet. */
    Merge(WeightLoader loader, List<LayerWeights> base, LoraSlot slot) {
        this.loader = loader;
        this.slot = slot;
        this.layers = new ArrayList<>(base);
        for (int layer = 0; layer < base.size(); layer++) {
            for (LoraSite site : LoraSite.values()) {
                LoraBlock block = slot.block(layer, site);
                if (block != null) {
                    left.add(new Piece(layer, site, block));
                }
            }
        }
    }

    /** Most bytes that the copy takes in bf16. */
    public static long bytes(DecoderShape shape, LoraSlot slot) {
        long weights = 0;
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (LoraSite site : LoraSite.values()) {
                if (slot.block(layer, site) != null) {
                    for (LinearModule module : site.modules(shape, layer)) {
                        weights += (long) shape.inputSize(module) * shape.outputSize(module);
                    }
                }
            }
        }
        return weights * Short.BYTES;
    }

    /** The adapter that is folded in. */
    public LoraSlot slot() {
        return slot;
    }

    /** False while something is left to pack. */
    public boolean complete() {
        return left.isEmpty();
    }

    /** Packs one site of one layer, on the whole team: some milliseconds. */
    public void packNext() {
        Piece piece = left.remove();
        Linear merged = loader.merged(memory, piece.site, piece.layer, piece.block);
        packed.add(merged);
        layers.set(piece.layer, layers.get(piece.layer).with(piece.site, merged));
    }

    public List<LayerWeights> layers() {
        return layers;
    }

    @Override
    public void close() {
        packed.forEach(Linear::close);
        memory.close();
    }
}
