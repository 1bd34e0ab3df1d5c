package dev.weft.inference.cpu.lora;

import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.vector.Bias;
import dev.weft.inference.engine.EngineException;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/**
 * The work on a module's outputs after the product of B was added to them. It is done output by
 * output, so it may be cut anywhere.
 */
sealed interface ColumnWork {
    /** Works on outputs {@code from} (inclusive) to {@code to}; {@code offset} is the first's. */
    void apply(MemorySegment y, long offset, int from, int to);

    /** Works on the weights of one output, if the adapter is folded into them. */
    void fold(int output, float[] weights);

    /** Whether {@link #fold} does all of the work. */
    boolean folds();

    /** Bytes of memory. */
    long bytes();

    /** No work. */
    record None() implements ColumnWork {
        @Override
        public void apply(MemorySegment y, long offset, int from, int to) {
            // nothing
        }

        @Override
        public void fold(int output, float[] weights) {
            // nothing
        }

        @Override
        public boolean folds() {
            return true;
        }

        @Override
        public long bytes() {
            return 0;
        }
    }

    /** {@code lora_bias}: adds values that are scaled already. */
    record Add(Bias bias, int size) implements ColumnWork {
        @Override
        public void apply(MemorySegment y, long offset, int from, int to) {
            bias.addTo(y, offset, from, to);
        }

        @Override
        public void fold(int output, float[] weights) {
            throw new IllegalStateException("weights hold no bias");
        }

        @Override
        public boolean folds() {
            return false;
        }

        @Override
        public long bytes() {
            return (long) size * Float.BYTES;
        }
    }

    /** DoRA: multiplies by the learned length divided by the length of the changed weights. */
    final class Rescale implements ColumnWork {
        private final float[] factors;

        private Rescale(float[] factors) {
            this.factors = factors;
        }

        @Override
        public void apply(MemorySegment y, long offset, int from, int to) {
            VectorMath.multiply(y, offset, factors, from, to - from);
        }

        @Override
        public void fold(int output, float[] weights) {
            float factor = factors[output];
            for (int i = 0; i < weights.length; i++) {
                weights[i] *= factor;
            }
        }

        @Override
        public boolean folds() {
            return true;
        }

        @Override
        public long bytes() {
            return (long) factors.length * Float.BYTES;
        }
    }

    /**
     * The work of a pair.
     *
     * @throws EngineException {@code INVALID_ADAPTER} if a length is zero
     */
    static ColumnWork of(LowRank pair, Supplier<WeightSource> base) {
        Tensor bias = pair.outputs().bias();
        if (bias != null) {
            float[] values = bias.floats();
            for (int i = 0; i < values.length; i++) {
                values[i] *= pair.scale();
            }
            return new Add(new Bias(values), values.length);
        }
        Tensor magnitude = pair.outputs().magnitude();
        return magnitude == null ? new None() : new Rescale(factors(pair, magnitude, base.get()));
    }

    /** {@code magnitude / |W + scale * B A|}, the length in 64 bits over each output's weights. */
    private static float[] factors(LowRank pair, Tensor magnitude, WeightSource weights) {
        float[] factors = magnitude.floats();
        int rank = pair.rank();
        float[] a = pair.a().floats();
        float[] b = new float[rank];
        float[] row = new float[weights.in()];
        for (int out = 0; out < factors.length; out++) {
            weights.copyRow(out, row);
            pair.b().copyTo((long) out * rank, b, 0, rank);
            for (int r = 0; r < rank; r++) {
                add(row, pair.scale() * b[r], a, r * row.length);
            }
            double length = length(row);
            factors[out] = (float) (factors[out] / length);
            if (!Float.isFinite(factors[out])) {
                throw EngineException.invalidAdapter(
                        "%s[%d] over the length %s of the changed weights of %s is not a finite number"
                                .formatted(magnitude.name(), out, length, pair.name()));
            }
        }
        return factors;
    }

    private static void add(float[] row, float factor, float[] values, int at) {
        for (int i = 0; i < row.length; i++) {
            row[i] += factor * values[at + i];
        }
    }

    private static double length(float[] row) {
        double sum = 0;
        for (float value : row) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }
}
