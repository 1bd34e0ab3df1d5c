package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.InputForm;
import dev.weft.inference.cpu.kernel.matrix.Shape;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Weights of signed bytes as checkpoints hold them, {@code [out][in]}, and behind them the scale of
 * each output and its zero: what inputs of zero, which are {@link InputForm#largestByte} as
 * unsigned bytes, sum up to. Scales and zeros are read on the heap.
 */
final class ReducedInt8Weights {
    private static final int LARGEST = InputForm.REDUCED_INT8.largestByte();

    private final MemorySegment data;
    private final Shape shape;
    private final float[] scales;
    private final int[] zeros;

    /** Weights that {@link #fill} packs, or that lie there and that {@link #read} completes. */
    ReducedInt8Weights(MemorySegment data, Shape shape) {
        this.data = data;
        this.shape = shape;
        this.scales = new float[shape.out()];
        this.zeros = new int[shape.out()];
    }

    static long bytes(Shape shape) {
        return zerosAt(shape) + (long) shape.out() * Integer.BYTES;
    }

    private static long scalesAt(Shape shape) {
        return Math.ceilDiv((long) shape.out() * shape.in(), 64L) * 64;
    }

    private static long zerosAt(Shape shape) {
        return scalesAt(shape) + (long) shape.out() * Float.BYTES;
    }

    /** Packs outputs {@code from} (inclusive) to {@code to}; threads may pack different ones. */
    void fill(int from, int to, WeightSource source) {
        if (from >= to) {
            return;
        }
        MemorySegment rows = data.asSlice(offset(from), (long) (to - from) * shape.in());
        float[] found = source.quantiseRows(from, to, rows, LARGEST);
        VectorMath.copy(found, 0, data, scalesAt(shape) + 4L * from, found.length);
        for (int output = from; output < to; output++) {
            long at = zerosAt(shape) + 4L * output;
            data.set(ValueLayout.JAVA_INT, at, LARGEST * sum(offset(output)));
        }
    }

    private int sum(long row) {
        int sum = 0;
        for (int i = 0; i < shape.in(); i++) {
            sum += data.get(ValueLayout.JAVA_BYTE, row + i);
        }
        return sum;
    }

    /** Reads scales and zeros from the memory, once all is packed. */
    ReducedInt8Weights read() {
        VectorMath.copy(data, scalesAt(shape), scales, 0, scales.length);
        MemorySegment.copy(data, ValueLayout.JAVA_INT, zerosAt(shape), zeros, 0, zeros.length);
        return this;
    }

    MemorySegment data() {
        return data;
    }

    /** Byte offset of an output's weights. */
    long offset(int output) {
        return (long) output * shape.in();
    }

    int in() {
        return shape.in();
    }

    int out() {
        return shape.out();
    }

    float[] scales() {
        return scales;
    }

    int[] zeros() {
        return zeros;
    }
}
