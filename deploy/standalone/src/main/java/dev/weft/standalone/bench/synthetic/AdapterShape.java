package dev.weft.standalone.bench.synthetic;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.protocol.adapter.LinearModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The shape that all adapters of a set share.
 *
 * @param modules modules that are changed in every layer
 */
record AdapterShape(DecoderShape base, int rank, double alpha, Set<LinearModule> modules) {
    private static final String PREFIX = "base_model.model.model.layers.";
    private static final int BYTES = 2;

    AdapterShape {
        modules = Set.copyOf(modules);
    }

    /**
     * One matrix, row-major.
     *
     * @param name PEFT's name
     * @param isA A is {@code [rank][in]}, B is {@code [out][rank]}
     */
    record Matrix(String name, boolean isA, int rows, int columns) {
        /** The size in bf16. */
        long bytes() {
            return (long) BYTES * rows * columns;
        }
    }

    /** All matrices in the order of the file. */
    List<Matrix> matrices() {
        var all = new ArrayList<Matrix>();
        for (int layer = 0; layer < base.layers(); layer++) {
            for (LinearModule module : base.modules().get(layer)) {
                if (!modules.contains(module)) {
                    continue;
                }
                String path = PREFIX + layer + "." + module.path();
                all.add(new Matrix(path + ".lora_A.weight", true, rank, base.inputSize(module)));
                all.add(new Matrix(path + ".lora_B.weight", false, base.outputSize(module), rank));
            }
        }
        return all;
    }

    /** The size of one adapter's weights, in bytes. */
    long bytes() {
        return matrices().stream().mapToLong(Matrix::bytes).sum();
    }
}
