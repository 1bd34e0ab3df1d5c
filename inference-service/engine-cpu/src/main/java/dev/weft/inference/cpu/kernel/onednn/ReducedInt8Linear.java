package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.InputForm;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.RowBuckets;
import dev.weft.inference.cpu.kernel.team.Team;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The linear layer in reduced int8. Its sums are whole numbers, exact until they are rounded once,
 * so a row's bits do not depend on its companions.
 */
final class ReducedInt8Linear implements Linear {
    private static final int LANES = VectorMath.LANES;

    private final ReducedInt8Weights weights;
    private final List<Buffers> buffers;

    /** Each member's products by rows. */
    private final List<Map<Integer, Bound>> bound = new ArrayList<>();

    ReducedInt8Linear(ReducedInt8Weights weights, List<Buffers> buffers) {
        this.weights = weights;
        this.buffers = buffers;
        buffers.forEach(_ -> bound.add(new HashMap<>()));
    }

    /** What one member computes with. */
    record Buffers(ReducedInt8Product product, ReducedInt8Row row) {
        Buffers(OneDnn dnn) {
            this(new ReducedInt8Product(dnn), new ReducedInt8Row());
        }
    }

    @Override
    public int in() {
        return weights.in();
    }

    @Override
    public int out() {
        return weights.out();
    }

    @Override
    public InputForm inputs() {
        return InputForm.REDUCED_INT8;
    }

    @Override
    public void multiply(Team.Member member, Activations x, FloatMatrix y, int rows) {
        int from = member.from(out(), COLUMN_UNIT);
        int to = member.to(out(), COLUMN_UNIT);
        if (from >= to) {
            return;
        }
        Buffers own = buffers.get(member.index());
        if (rows == 1) {
            multiplyOne(own, x, y, from, to);
            return;
        }
        int bucket = RowBuckets.ceiling(rows);
        Bound before = bound.get(member.index()).get(bucket);
        if (before == null || before.x != x || before.y != y) {
            before = new Bound(x, y, bind(own, x, y, bucket, from, to));
            bound.get(member.index()).put(bucket, before);
        }
        own.product.execute(before.call);
        for (int row = 0; row < rows; row++) {
            scale(y.data(), y.offset(row, from), from, to, x.scale(row));
        }
    }

    private void multiplyOne(Buffers own, Activations x, FloatMatrix y, int from, int to) {
        float[] scales = weights.scales();
        own.row.read(x.int8(), in());
        for (int output = from; output < to; output++) {
            float sum = own.row.sum(weights, output);
            y.set(0, output, sum * scales[output] * x.scale(0));
        }
    }

    private ReducedInt8Product.Call bind(
            Buffers own, Activations x, FloatMatrix y, int rows, int from, int to) {
        MemorySegment columns =
                weights.data().asSlice(weights.offset(from), (long) (to - from) * in());
        MemorySegment target = y.data().asSlice(y.offset(0, from));
        ReducedInt8Product.Key key = new ReducedInt8Product.Key(rows, in(), to - from, y.columns());
        return own.product.bind(key, x.int8(), columns, target);
    }

    /** Takes the zeros from a row's sums, and multiplies by the scales. */
    private void scale(MemorySegment y, long offset, int from, int to, float factor) {
        float[] scales = weights.scales();
        int[] zeros = weights.zeros();
        int output = from;
        long at = offset;
        for (; output <= to - LANES; output += LANES) {
            IntVector zero = IntVector.fromArray(VectorMath.INTS, zeros, output);
            VectorMath.load(y, at)
                    .sub(zero.convertShape(VectorOperators.I2F, VectorMath.FLOATS, 0))
                    .mul(FloatVector.fromArray(VectorMath.FLOATS, scales, output))
                    .mul(factor)
                    .intoMemorySegment(y, at, VectorMath.ORDER);
            at += 4L * LANES;
        }
        for (; output < to; output++) {
            float sum = y.get(ValueLayout.JAVA_FLOAT, at) - (float) zeros[output];
            y.set(ValueLayout.JAVA_FLOAT, at, sum * scales[output] * factor);
            at += Float.BYTES;
        }
    }

    @Override
    public void close() {
        // The memory is the caller's.
    }

    /** A product that is bound to the buffers it was last called with. */
    private record Bound(Activations x, FloatMatrix y, ReducedInt8Product.Call call) {}
}
