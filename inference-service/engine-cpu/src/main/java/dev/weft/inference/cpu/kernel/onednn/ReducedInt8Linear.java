package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.math.OffHeap;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.InputForm;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.RowBuckets;
import dev.weft.inference.cpu.kernel.matrix.Shape;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.team.Team;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.bytedeco.dnnl.memory;
import org.jspecify.annotations.Nullable;

/**
 * The linear layer in reduced int8: each member's columns are packed and multiplied apart. Its sums
 * are whole numbers, exact until they are rounded once, so a row's bits do not depend on its
 * companions.
 *
 * <p>Behind a member's weights lie the scale of each output and its zero: what inputs of zero,
 * which are {@link InputForm#largestByte} as unsigned bytes, sum up to.
 */
final class ReducedInt8Linear implements Linear {
    private static final int LARGEST = InputForm.REDUCED_INT8.largestByte();

    /**
     * So many rows are multiplied at once that their sums take up to this many bytes, since the
     * sums are read again right after.
     */
    private static final int SUMS_BYTES = 1 << 20;

    private static final int LEAST_ROWS = 16;

    private final OneDnn dnn;
    private final Shape shape;
    private final @Nullable Slice[] slices;

    /**
     * What the layers of a team share.
     *
     * @param products by member
     */
    record Parts(OneDnn dnn, List<ReducedInt8Products> products, Team team) {}

    /**
     * A layer in that memory.
     *
     * @param source what to pack into it; null if it holds the packed weights already
     */
    ReducedInt8Linear(
            Parts parts,
            Shape shape,
            OneDnnRoom room,
            MemorySegment memory,
            @Nullable WeightSource source) {
        this.dnn = parts.dnn;
        this.shape = shape;
        this.slices = new @Nullable Slice[parts.team.size()];
        parts.team.run(member -> {
            int index = member.index();
            OneDnnRoom.Part part = room.parts().get(index);
            if (part != null) {
                slices[index] = slice(parts.products.get(index), part, memory, source);
            }
        });
    }

    /**
     * The columns of one member; used by its thread only.
     *
     * @param block rows that are multiplied at once, a power of two
     */
    private record Slice(
            ReducedInt8Products products,
            OneDnnRoom.Part part,
            int block,
            memory weights,
            Numbers numbers,
            Map<Rows, Bound> calls) {}

    /** The scale and the zero of each column. */
    private static final class Numbers {
        private final float[] scales;
        private final int[] zeros;

        Numbers(MemorySegment room, OneDnnRoom.Part part) {
            scales = new float[part.columns()];
            zeros = new int[part.columns()];
            VectorMath.copy(room, part.numbers(), scales, 0, scales.length);
            MemorySegment.copy(room, ValueLayout.JAVA_INT, zerosAt(part), zeros, 0, zeros.length);
        }
    }

    private static long zerosAt(OneDnnRoom.Part part) {
        return part.numbers() + (long) part.columns() * Float.BYTES;
    }

    private record Rows(int first, int count) {}

    /** A product, and the buffer that its inputs lie in. */
    private record Bound(Activations x, ReducedInt8Products.Call call) {}

    @Override
    public int in() {
        return shape.in();
    }

    @Override
    public int out() {
        return shape.out();
    }

    @Override
    public InputForm inputs() {
        return InputForm.REDUCED_INT8;
    }

    @Override
    public void multiply(Team.Member member, Activations x, FloatMatrix y, int rows) {
        Slice slice = slices[member.index()];
        if (slice == null) {
            return;
        }
        long bytes = (long) slice.part.columns() * Integer.BYTES;
        for (int first = 0; first < rows; first += slice.block) {
            int count = Math.min(slice.block, rows - first);
            ReducedInt8Products.Call call = call(slice, x, first, count);
            slice.products.execute(call);
            for (int i = 0; i < count; i++) {
                int row = first + i;
                long to = y.offset(row, slice.part.from());
                scale(call.sums(), i * bytes, slice.numbers, x.scale(row), y.data(), to);
            }
        }
    }

    private ReducedInt8Products.Call call(Slice slice, Activations x, int first, int count) {
        Rows rows = new Rows(first, count == 1 ? 1 : RowBuckets.ceiling(count));
        Bound before = slice.calls.get(rows);
        if (before == null || before.x != x) {
            MemorySegment inputs = x.int8().asSlice((long) first * in());
            before =
                    new Bound(
                            x,
                            slice.products.bind(
                                    rows.count, in(), slice.part.columns(), inputs, slice.weights));
            slice.calls.put(rows, before);
        }
        return before.call;
    }

    /** Takes the zeros from a row's sums, and multiplies by the scales. */
    private static void scale(
            MemorySegment sums,
            long from,
            Numbers numbers,
            float factor,
            MemorySegment y,
            long to) {
        int count = numbers.zeros.length;
        int i = 0;
        for (; i <= count - VectorMath.LANES; i += VectorMath.LANES) {
            IntVector sum =
                    VectorMath.loadInts(sums, from + 4L * i)
                            .sub(IntVector.fromArray(VectorMath.INTS, numbers.zeros, i));
            ((FloatVector) sum.convertShape(VectorOperators.I2F, VectorMath.FLOATS, 0))
                    .mul(FloatVector.fromArray(VectorMath.FLOATS, numbers.scales, i))
                    .mul(factor)
                    .intoMemorySegment(OffHeap.of(y), to + 4L * i, VectorMath.ORDER);
        }
        for (; i < count; i++) {
            int sum = sums.get(ValueLayout.JAVA_INT, from + 4L * i) - numbers.zeros[i];
            y.set(ValueLayout.JAVA_FLOAT, to + 4L * i, (float) sum * numbers.scales[i] * factor);
        }
    }

    @Override
    public void close() {
        for (Slice slice : slices) {
            if (slice != null) {
                slice.weights.deallocate();
            }
        }
    }

    private Slice slice(
            ReducedInt8Products products,
            OneDnnRoom.Part part,
            MemorySegment room,
            @Nullable WeightSource source) {
        MemorySegment kept = room.asSlice(part.at(), part.layout().get_size());
        memory packed = dnn.memory(part.layout(), kept);
        if (source != null) {
            pack(products, part, source, packed, room);
        }
        int block = products.mostRows(block(part.columns()), in(), part.columns(), packed);
        products.reserve((long) block * part.columns() * Integer.BYTES);
        return new Slice(products, part, block, packed, new Numbers(room, part), new HashMap<>());
    }

    private static int block(int columns) {
        int rows = SUMS_BYTES / (columns * Integer.BYTES);
        return Math.max(LEAST_ROWS, Integer.highestOneBit(rows));
    }

    private void pack(
            ReducedInt8Products products,
            OneDnnRoom.Part part,
            WeightSource source,
            memory packed,
            MemorySegment room) {
        int from = part.from();
        int columns = part.columns();
        try (Arena temporary = Arena.ofConfined()) {
            MemorySegment plain = temporary.allocate((long) columns * in(), 64);
            float[] scales = source.quantiseRows(from, from + columns, plain, LARGEST);
            VectorMath.copy(scales, 0, room, part.numbers(), scales.length);
            for (int column = 0; column < columns; column++) {
                int zero = LARGEST * sum(plain, (long) column * in());
                room.set(ValueLayout.JAVA_INT, zerosAt(part) + 4L * column, zero);
            }
            products.pack(plain, in(), columns, packed);
        }
    }

    private int sum(MemorySegment bytes, long from) {
        int sum = 0;
        for (int i = 0; i < in(); i++) {
            sum += bytes.get(ValueLayout.JAVA_BYTE, from + i);
        }
        return sum;
    }
}
