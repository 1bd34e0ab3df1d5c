package dev.weft.inference.cpu.model.weights;

import dev.weft.format.safetensors.Tensor;
import dev.weft.format.safetensors.WeightMatrix;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.matrix.LargePages;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.Shape;
import dev.weft.inference.cpu.packed.Keeping;
import dev.weft.inference.cpu.packed.PackedCopies;
import dev.weft.inference.cpu.packed.PackedCopy;
import dev.weft.inference.cpu.packed.Recipe;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the linear layers of a base one after the other, and owns the memory of their weights. The
 * team's owner calls it.
 */
abstract sealed class Packing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Packing.class);

    private final Kernels kernels;

    private Packing(Kernels kernels) {
        this.kernels = kernels;
    }

    /** The next layer: the weights on top of each other. */
    abstract Linear next(WeightMatrix... parts);

    /** The next layer, whose weights are made only if they are needed. */
    abstract Linear next(Shape shape, Supplier<Tensor> weights);

    /** A line for the console once so many layers are packed. */
    abstract String progress(int layers, int of);

    /** Frees the memory, which no layer may use any more. */
    @Override
    public abstract void close();

    private static Shape shape(WeightMatrix... parts) {
        long out = 0;
        for (WeightMatrix part : parts) {
            out += part.shape().getFirst();
        }
        return new Shape(Math.toIntExact(parts[0].shape().get(1)), Math.toIntExact(out));
    }

    /** Packs the layers. */
    static final class Fresh extends Packing {
        private final LargePages memory = WeightLoader.memory();
        private final List<MemorySegment> rooms = new ArrayList<>();
        private @Nullable Keeping keeping;

        Fresh(Kernels kernels) {
            super(kernels);
        }

        @Override
        Linear next(WeightMatrix... parts) {
            MemorySegment room = memory.allocate(super.kernels.bytes(parts), 64);
            rooms.add(room);
            return super.kernels.linear(room, parts);
        }

        @Override
        Linear next(Shape shape, Supplier<Tensor> weights) {
            return next(weights.get());
        }

        @Override
        String progress(int layers, int of) {
            return "packed " + layers + " of " + of + " layers";
        }

        /** Begins to write a copy of the layers, once all are packed. */
        void keep(PackedCopies copies, Recipe recipe) {
            keeping = copies.keep(recipe, rooms);
        }

        /** The copy that is being written; null if there is none. */
        @Nullable Keeping keeping() {
            return keeping;
        }

        @Override
        public void close() {
            if (keeping == null || keeping.stop()) {
                memory.close();
            } else {
                LOG.warn(
                        "The memory of packed weights is not freed: a copy is still being written");
            }
        }
    }

    /** Takes the layers from a copy, which has them in the same order. */
    static final class Copied extends Packing {
        private final PackedCopy copy;
        private final Deque<MemorySegment> left;

        Copied(Kernels kernels, PackedCopy copy) {
            super(kernels);
            this.copy = copy;
            this.left = new ArrayDeque<>(copy.rooms());
        }

        @Override
        Linear next(WeightMatrix... parts) {
            return super.kernels.packed(left.remove(), shape(parts));
        }

        @Override
        Linear next(Shape shape, Supplier<Tensor> weights) {
            return super.kernels.packed(left.remove(), shape);
        }

        @Override
        String progress(int layers, int of) {
            return "mapped " + layers + " of " + of + " packed layers";
        }

        @Override
        public void close() {
            copy.close();
        }
    }
}
