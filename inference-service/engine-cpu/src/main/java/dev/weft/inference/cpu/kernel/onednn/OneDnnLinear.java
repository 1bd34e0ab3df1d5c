package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.RowBuckets;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.team.Team;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.jspecify.annotations.Nullable;

/** The linear layer on oneDNN: each member's columns are packed and multiplied apart. */
final class OneDnnLinear implements Linear {
    /** The row count whose preferred layout the weights are packed in. */
    private static final int PACKED_FOR_ROWS = 16;

    private final OneDnn dnn;
    private final OneDnnProducts products;
    private final Precision precision;
    private final int in;
    private final int out;
    private final Arena memory;
    private final @Nullable Slice[] slices;

    OneDnnLinear(
            OneDnn dnn,
            OneDnnProducts products,
            Arena memory,
            WeightSource source,
            Precision precision,
            Team team) {
        this.dnn = dnn;
        this.products = products;
        this.memory = memory;
        this.precision = precision;
        this.in = source.in();
        this.out = source.out();
        this.slices = new @Nullable Slice[team.size()];
        team.run(member -> {
            int from = member.from(out, COLUMN_UNIT);
            int to = member.to(out, COLUMN_UNIT);
            if (from < to) {
                slices[member.index()] = pack(member.index(), source, from, to);
            }
        });
    }

    @Override
    public int in() {
        return in;
    }

    @Override
    public int out() {
        return out;
    }

    @Override
    public Precision precision() {
        return precision;
    }

    @Override
    public void multiply(Team.Member member, Activations x, FloatMatrix y, int rows) {
        Slice slice = slices[member.index()];
        if (slice == null) {
            return;
        }
        OneDnnRow row = slice.row;
        if (rows == 1 && row != null) {
            row.multiply(slice.packed, x.floats(), y, slice.from, slice.columns);
            return;
        }
        int bucket = RowBuckets.ceiling(rows);
        Call call = slice.calls.computeIfAbsent(bucket, _ -> new Call());
        if (call.x != x || call.y != y) {
            call.bind(slice, x, y, bucket, member.index());
        }
        OneDnnProduct product = call.product;
        if (product != null) {
            stream queue = dnn.stream();
            product.primitive().execute(queue, call.arguments);
            queue._wait();
        }
        // The rows' scales, which oneDNN leaves to us.
        for (int i = 0; precision == Precision.INT8 && i < rows; i++) {
            VectorMath.multiply(y.data(), y.offset(i, slice.from), x.scale(i), slice.columns);
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

    private Slice pack(int member, WeightSource source, int from, int to) {
        int columns = to - from;
        OneDnnProduct.Key key = new OneDnnProduct.Key(precision, PACKED_FOR_ROWS, in, columns, out);
        memory.desc layout = products.weights(member, key);
        MemorySegment kept = memory.allocate(layout.get_size(), 64);
        memory packed = dnn.memory(layout, kept);
        @Nullable memory scales = null;
        try (Arena temporary = Arena.ofConfined()) {
            int bytes = precision == Precision.BF16 ? Short.BYTES : Byte.BYTES;
            MemorySegment plain = temporary.allocate((long) columns * in * bytes, 64);
            switch (precision) {
                case BF16 -> source.copyRows(from, to, plain);
                case INT8 -> scales = scales(source.quantiseRows(from, to, plain));
            }
            memory raw = dnn.memory(OneDnnProduct.plainWeights(precision, in, columns), plain);
            stream queue = dnn.stream();
            new reorder(raw, packed).execute(queue, raw, packed);
            queue._wait();
            raw.deallocate();
        }
        OneDnnRow row = row(member, columns, layout, kept);
        return new Slice(from, columns, kept, packed, scales, layout, row, new HashMap<>());
    }

    /** A kernel for one row, if there is one whose results have the bits of oneDNN's. */
    private @Nullable OneDnnRow row(
            int member, int columns, memory.desc layout, MemorySegment packed) {
        if (precision != Precision.BF16) {
            return null;
        }
        int rows = RowBuckets.ceiling(1);
        OneDnnProduct.Key key = new OneDnnProduct.Key(precision, rows, in, columns, out);
        return products.row(member, key, layout, packed);
    }

    private memory scales(float[] values) {
        MemorySegment kept = memory.allocate((long) values.length * Float.BYTES, 64);
        MemorySegment.copy(values, 0, kept, ValueLayout.JAVA_FLOAT, 0, values.length);
        return dnn.memory(OneDnnProduct.scales(values.length), kept);
    }

    /** The columns of one member; used by its thread only. */
    private record Slice(
            int from,
            int columns,
            MemorySegment packed,
            memory weights,
            @Nullable memory scales,
            memory.desc layout,
            @Nullable OneDnnRow row,
            Map<Integer, Call> calls) {}

    /** Arguments of a product for one row count, bound to the buffers it was last called with. */
    private final class Call {
        private @Nullable Activations x;
        private @Nullable FloatMatrix y;
        private @Nullable OneDnnProduct product;
        private IntMemoryMap arguments = new IntMemoryMap();
        private final memory[] bound = new memory[2];

        void bind(Slice slice, Activations input, FloatMatrix output, int rows, int member) {
            OneDnnProduct.Key key =
                    new OneDnnProduct.Key(precision, rows, in, slice.columns, output.columns());
            OneDnnProduct prepared = products.get(member, key, slice.layout);
            MemorySegment source = precision == Precision.BF16 ? input.bf16() : input.int8();
            MemorySegment target = output.data().asSlice(output.offset(0, slice.from));
            bound[0] = dnn.memory(prepared.description().src_desc(), source);
            bound[1] = dnn.memory(prepared.description().dst_desc(), target);
            arguments = new IntMemoryMap();
            arguments.put(dnnl.DNNL_ARG_SRC, bound[0]);
            arguments.put(dnnl.DNNL_ARG_WEIGHTS, slice.weights);
            arguments.put(dnnl.DNNL_ARG_DST, bound[1]);
            if (slice.scales != null) {
                arguments.put(dnnl.DNNL_ARG_ATTR_SCALES | dnnl.DNNL_ARG_WEIGHTS, slice.scales);
            }
            product = prepared;
            x = input;
            y = output;
        }
    }
}
