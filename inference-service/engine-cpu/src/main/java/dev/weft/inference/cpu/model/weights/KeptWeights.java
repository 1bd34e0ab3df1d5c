package dev.weft.inference.cpu.model.weights;

import dev.weft.format.checkpoint.CheckpointFolder;
import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.decoder.Experts;
import dev.weft.format.decoder.FeedForward;
import dev.weft.format.quantised.Quantisation;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.matrix.Shape;
import dev.weft.inference.cpu.lora.LoraSite;
import dev.weft.inference.cpu.packed.PackedCopies;
import dev.weft.inference.cpu.packed.PackedCopy;
import dev.weft.inference.cpu.packed.Recipe;
import dev.weft.protocol.adapter.LinearModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Loads a base from a copy of its packed weights, or packs it and has a copy written for the next
 * start. The team's owner uses it.
 */
public final class KeptWeights {
    private final CheckpointFolder checkpoint;
    private final Kernels kernels;
    private final PackedCopies copies;

    public KeptWeights(CheckpointFolder checkpoint, Kernels kernels, PackedCopies copies) {
        this.checkpoint = checkpoint;
        this.kernels = kernels;
        this.copies = copies;
    }

    /**
     * Loads everything.
     *
     * @param progress gets a line now and then
     * @throws dev.weft.format.checkpoint.CheckpointException if a tensor is missing or does not fit
     * @throws IllegalStateException if a kernel fails its self-test
     */
    public DecoderWeights load(Consumer<String> progress) {
        WeightLoader loader = new WeightLoader(checkpoint, kernels);
        Optional<Recipe> recipe = recipe(loader.hasTiedHead());
        if (recipe.isEmpty()) {
            return loader.load(progress);
        }
        Optional<PackedCopy> copy = copies.open(recipe.get());
        if (copy.isPresent()) {
            try {
                return loader.load(new Packing.Copied(kernels, copy.get()), progress);
            } catch (IllegalStateException e) {
                copies.refuse(copy.get(), e.toString());
            }
        }
        Packing.Fresh packing = new Packing.Fresh(kernels);
        DecoderWeights weights = loader.load(packing, progress);
        packing.keep(copies, recipe.get());
        return weights;
    }

    /**
     * What the packed weights are made of, layer by layer; empty if these kernels pack nothing that
     * could be kept.
     *
     * @param hasTiedHead whether a stored head was found to be the embedding
     */
    private Optional<Recipe> recipe(boolean hasTiedHead) {
        if (checkpoint.config().quantisation() instanceof Quantisation.Grouped) {
            // grouped weights take as long to read from a copy as to pack
            return Optional.empty();
        }
        List<Shape> shapes = shapes();
        kernels.decide(shapes);
        StringBuilder text = new StringBuilder("checkpoint " + checkpoint.identity() + "\n");
        // config.json is not part of the identity; its family says how tensors become layers.
        text.append("family ").append(checkpoint.config().family()).append('\n');
        if (hasTiedHead) {
            text.append("the stored head is the embedding\n");
        }
        List<Long> sizes = new ArrayList<>();
        for (Shape shape : shapes) {
            Optional<String> layout = kernels.layout(shape);
            if (layout.isEmpty()) {
                return Optional.empty();
            }
            text.append(shape).append(' ').append(layout.get()).append('\n');
            sizes.add(kernels.bytes(shape));
        }
        return Optional.of(new Recipe(text.toString(), sizes));
    }

    /** The shapes of the linear layers, in the order that {@link WeightLoader} makes them in. */
    private List<Shape> shapes() {
        DecoderShape base = checkpoint.config().shape();
        List<Shape> shapes = new ArrayList<>();
        for (int layer = 0; layer < base.layers(); layer++) {
            for (LoraSite site : LoraSite.values()) {
                List<LinearModule> modules = site.modules(base, layer);
                if (!modules.isEmpty()) {
                    int out = modules.stream().mapToInt(base::outputSize).sum();
                    shapes.add(new Shape(base.inputSize(modules.getFirst()), out));
                }
            }
            addExperts(checkpoint.config().plan().blocks().get(layer).feedForward(), shapes);
        }
        shapes.add(new Shape(base.hiddenSize(), checkpoint.config().vocabulary().size()));
        return shapes;
    }

    private void addExperts(FeedForward part, List<Shape> shapes) {
        if (part instanceof Experts experts) {
            int hidden = checkpoint.config().shape().hiddenSize();
            for (int expert = 0; expert < experts.count(); expert++) {
                shapes.add(new Shape(hidden, 2 * experts.width()));
                shapes.add(new Shape(experts.width(), hidden));
            }
        }
    }
}
