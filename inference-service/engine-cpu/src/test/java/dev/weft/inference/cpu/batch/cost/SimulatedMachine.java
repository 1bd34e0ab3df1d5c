package dev.weft.inference.cpu.batch.cost;

import dev.weft.inference.cpu.kernel.matrix.RowBuckets;

/** Simulated machines: how long each takes for a step. */
public enum SimulatedMachine {
    /** Every step takes 60 ms, whatever is in it. */
    CONSTANT,

    /** 2 ms a row. */
    LINEAR,

    /** 30 ms to read the weights, 1 ms a row. */
    AFFINE,

    /** 10 ms, 0.5 ms a row, and 2 us for each position that attention reads. */
    ATTENTION;

    public double seconds(StepShape shape) {
        int rows = RowBuckets.ceiling(shape.rows());
        return switch (this) {
            case CONSTANT -> 0.06;
            case LINEAR -> 0.002 * rows;
            case AFFINE -> 0.03 + 0.001 * rows;
            case ATTENTION -> 0.01 + 0.000_5 * rows + 2e-6 * shape.attended();
        };
    }
}
