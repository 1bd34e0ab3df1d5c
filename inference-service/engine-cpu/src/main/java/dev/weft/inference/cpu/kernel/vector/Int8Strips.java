package dev.weft.inference.cpu.kernel.vector;

import dev.weft.inference.cpu.kernel.math.Int8;
import dev.weft.inference.cpu.kernel.math.QuadSums;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.Shape;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Weights of signed bytes, {@code [out / WIDTH][in / 4][WIDTH][4]}: an int holds an output's
 * weights of four inputs. A strip is read in one stream. Outputs and inputs are padded with zeros.
 * Behind them lie the scales, a float for each output, padded as well; they are read on the heap.
 */
final class Int8Strips implements PanelWeights {
    private static final int LANES = VectorMath.LANES;
    private static final int WIDTH = PanelProduct.WIDTH;
    private static final int QUAD = 4;

    /** Inputs whose products are below 2^24 in sum, so that floats hold them: 127 * 127 * 1024. */
    static final int EXACT = 1024;

    private final MemorySegment data;
    private final float[] scales;
    private final int in;
    private final int out;

    /**
     * A matrix of zeros.
     *
     * @param data zeroed, {@link #bytes} bytes
     */
    Int8Strips(MemorySegment data, Shape shape) {
        this.data = data;
        this.in = shape.in();
        this.out = shape.out();
        this.scales = new float[strips() * WIDTH];
    }

    /** A matrix that was packed into that memory before. */
    static Int8Strips packed(MemorySegment data, Shape shape) {
        Int8Strips strips = new Int8Strips(data, shape);
        VectorMath.copy(data, strips.scalesAt(), strips.scales, 0, strips.scales.length);
        return strips;
    }

    static long bytes(Shape shape) {
        return outputs(shape.out()) * (inputs(shape.in()) + Float.BYTES);
    }

    private static long outputs(int out) {
        return Math.ceilDiv(out, WIDTH) * (long) WIDTH;
    }

    private static int inputs(int in) {
        return Math.ceilDiv(in, QUAD) * QUAD;
    }

    private long scalesAt() {
        return outputs(out) * inputs(in);
    }

    /** Packs strips {@code from} (inclusive) to {@code to}; threads may pack different ones. */
    void fill(int from, int to, WeightSource source) {
        try (Arena temporary = Arena.ofConfined()) {
            MemorySegment rows = temporary.allocate((long) WIDTH * in, 64);
            for (int strip = from; strip < to; strip++) {
                int first = strip * WIDTH;
                int count = Math.min(WIDTH, out - first);
                float[] found = source.quantiseRows(first, first + count, rows, Int8.LARGEST);
                System.arraycopy(found, 0, scales, first, count);
                VectorMath.copy(found, 0, data, scalesAt() + 4L * first, count);
                for (int o = 0; o < count; o++) {
                    scatter(rows, (long) o * in, offset(strip, 0) + (long) o * QUAD);
                }
            }
        }
    }

    /** Writes one output's weights, four at a time. */
    private void scatter(MemorySegment rows, long from, long to) {
        long step = (long) WIDTH * QUAD;
        int whole = in / QUAD * QUAD;
        for (int i = 0; i < whole; i += QUAD) {
            int four = rows.get(ValueLayout.JAVA_INT_UNALIGNED, from + i);
            data.set(ValueLayout.JAVA_INT, to + i / QUAD * step, four);
        }
        for (int i = whole; i < in; i++) {
            byte last = rows.get(ValueLayout.JAVA_BYTE, from + i);
            data.set(ValueLayout.JAVA_BYTE, to + in / QUAD * step + i - whole, last);
        }
    }

    int strips() {
        return Math.ceilDiv(out, WIDTH);
    }

    /** The scale of each output, padded to whole strips. */
    float[] scales() {
        return scales;
    }

    int in() {
        return in;
    }

    int out() {
        return out;
    }

    @Override
    public int inputs() {
        return inputs(in);
    }

    @Override
    public void unpack(int strip, int from, int count, float[] panel) {
        unpack(data, offset(strip, from), count / QUAD, panel);
    }

    private static void unpack(MemorySegment weights, long from, int quads, float[] panel) {
        for (int i = 0; i < quads; i++) {
            long at = from + (long) QUAD * WIDTH * i;
            int to = QUAD * WIDTH * i;
            IntVector left = VectorMath.loadInts(weights, at);
            IntVector right = VectorMath.loadInts(weights, at + (long) QUAD * LANES);
            first(left).intoArray(panel, to);
            first(right).intoArray(panel, to + LANES);
            second(left).intoArray(panel, to + 2 * LANES);
            second(right).intoArray(panel, to + 3 * LANES);
            third(left).intoArray(panel, to + 4 * LANES);
            third(right).intoArray(panel, to + 5 * LANES);
            fourth(left).intoArray(panel, to + 6 * LANES);
            fourth(right).intoArray(panel, to + 7 * LANES);
        }
    }

    /** Sums up the outputs of a strip for a row, two quads at once. Scales follow the last one. */
    void sum(int strip, QuadSums row) {
        row.sum(data, offset(strip, 0), 2L * QUAD * WIDTH);
    }

    private long offset(int strip, int input) {
        return ((long) strip * inputs() + input) * WIDTH;
    }

    private static FloatVector first(IntVector quads) {
        return floats(quads.lanewise(VectorOperators.LSHL, 24));
    }

    private static FloatVector second(IntVector quads) {
        return floats(quads.lanewise(VectorOperators.LSHL, 16));
    }

    private static FloatVector third(IntVector quads) {
        return floats(quads.lanewise(VectorOperators.LSHL, 8));
    }

    private static FloatVector fourth(IntVector quads) {
        return floats(quads);
    }

    /** The signed top bytes as floats. */
    private static FloatVector floats(IntVector tops) {
        IntVector bytes = tops.lanewise(VectorOperators.ASHR, 24);
        return (FloatVector) bytes.convertShape(VectorOperators.I2F, VectorMath.FLOATS, 0);
    }
}
