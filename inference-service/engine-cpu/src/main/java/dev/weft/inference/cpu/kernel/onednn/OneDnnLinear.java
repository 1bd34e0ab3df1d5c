package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.math.Int8;
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
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;
import org.jspecify.annotations.Nullable;

/**
 * A block of a linear layer's inputs on oneDNN: each member's columns are packed and multiplied
 * apart.
 */
final class OneDnnLinear implements Linear {
    private final OneDnn dnn;
    private final OneDnnProducts products;
    private final Operands operands;
    private final int in;
    private final InputBlock inputs;
    private final int out;
    private final @Nullable Slice[] slices;

    /** What the layers of a team share. */
    record Parts(OneDnn dnn, OneDnnProducts products, Operands operands, Team team) {}

    /**
     * A layer in that memory.
     *
     * @param shape of the whole layer
     * @param room of the block
     * @param source what to pack into it; null if it holds the packed weights already
     */
    OneDnnLinear(
            Parts parts,
            Shape shape,
            InputBlock inputs,
            OneDnnRoom room,
            MemorySegment memory,
            @Nullable PlainRows source) {
        this.dnn = parts.dnn;
        this.products = parts.products;
        this.operands = parts.operands;
        this.in = shape.in();
        this.inputs = inputs;
        this.out = shape.out();
        this.slices = new @Nullable Slice[parts.team.size()];
        parts.team.run(member -> {
            OneDnnRoom.Part part = room.parts().get(member.index());
            if (part != null) {
                slices[member.index()] = slice(member.index(), part, memory, source);
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
    public InputForm inputs() {
        return operands.inputs();
    }

    @Override
    public void multiply(Team.Member member, Activations x, FloatMatrix y, int rows) {
        Slice slice = slices[member.index()];
        if (slice == null) {
            return;
        }
        OneRow one = slice.one;
        if (rows == 1 && one != null) {
            one.multiply(x, y);
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
        for (int i = 0; operands == Operands.BYTES && i < rows; i++) {
            VectorMath.multiply(y.data(), y.offset(i, slice.from), x.scale(i), slice.columns);
        }
    }

    @Override
    public boolean isOnlySingleRowCompiled() {
        return Arrays.stream(slices).anyMatch(slice -> slice != null && slice.one != null);
    }

    @Override
    public void close() {
        for (Slice slice : slices) {
            if (slice != null) {
                slice.packed.weights.deallocate();
            }
        }
    }

    private Slice slice(
            int member, OneDnnRoom.Part part, MemorySegment room, @Nullable PlainRows source) {
        MemorySegment kept = room.asSlice(part.at(), part.layout().get_size());
        memory packed = dnn.memory(part.layout(), kept);
        @Nullable memory scales = null;
        if (operands == Operands.BYTES) {
            MemorySegment values = room.asSlice(part.numbers(), 4L * part.columns());
            scales = dnn.memory(OneDnnProduct.scales(part.columns()), values);
        }
        if (source != null) {
            switch (operands) {
                case FLOATS, PAIRS -> pack(member, part, source, packed);
                case BYTES -> quantise(part, source.source(), packed, room);
            }
        }
        return new Slice(
                part.from(),
                part.columns(),
                new Packed(packed, scales, part.layout()),
                one(member, part, room, kept),
                new HashMap<>());
    }

    private void pack(int member, OneDnnRoom.Part part, PlainRows source, memory packed) {
        int to = part.from() + part.columns();
        MemorySegment rows = source.bf16(member, part.from(), to, inputs.stride());
        reorder(part, rows.asSlice((long) inputs.from() * Short.BYTES), packed);
    }

    private void quantise(
            OneDnnRoom.Part part, WeightSource source, memory packed, MemorySegment room) {
        int from = part.from();
        try (Arena temporary = Arena.ofConfined()) {
            MemorySegment rows = temporary.allocate((long) part.columns() * inputs.stride(), 64);
            float[] scales = source.quantiseRows(from, from + part.columns(), rows, Int8.LARGEST);
            VectorMath.copy(scales, 0, room, part.numbers(), scales.length);
            reorder(part, rows, packed);
        }
    }

    private void reorder(OneDnnRoom.Part part, MemorySegment rows, memory packed) {
        dnn.reorder(OneDnnProduct.plainWeights(operands, inputs, part.columns()), rows, packed);
    }

    /** A kernel for one row, if there is one whose results have the bits of oneDNN's. */
    private @Nullable OneRow one(
            int member, OneDnnRoom.Part part, MemorySegment room, MemorySegment packed) {
        int from = part.from();
        int columns = part.columns();
        OneDnnProduct.Key key =
                new OneDnnProduct.Key(operands, RowBuckets.ceiling(1), inputs, columns, out);
        return switch (operands) {
            case FLOATS -> null;
            case PAIRS -> {
                PairRow row = products.pairs(member, key, part.layout(), packed);
                yield row == null
                        ? null
                        : (x, y) -> row.multiply(packed, x.bf16(), y, from, columns);
            }
            case BYTES -> {
                float[] scales = new float[QuadRow.scales(columns)];
                VectorMath.copy(room, part.numbers(), scales, 0, columns);
                QuadRow row = products.quads(member, key, part.layout(), packed, scales);
                yield row == null
                        ? null
                        : (x, y) -> row.multiply(packed, scales, x, y, from, columns);
            }
        };
    }

    /** Multiplies one row by a member's columns. */
    @FunctionalInterface
    private interface OneRow {
        void multiply(Activations x, FloatMatrix y);
    }

    /** The columns of one member; used by its thread only. */
    private record Slice(
            int from, int columns, Packed packed, @Nullable OneRow one, Map<Integer, Call> calls) {}

    /** A member's weights as they are packed. */
    private record Packed(memory weights, @Nullable memory scales, memory.desc layout) {}

    /** Arguments of a product for one row count, bound to the buffers it was last called with. */
    private final class Call {
        private @Nullable Activations x;
        private @Nullable FloatMatrix y;
        private @Nullable OneDnnProduct product;
        private IntMemoryMap arguments = new IntMemoryMap();
        private final memory[] bound = new memory[2];

        void bind(Slice slice, Activations input, FloatMatrix output, int rows, int member) {
            OneDnnProduct.Key key =
                    new OneDnnProduct.Key(operands, rows, inputs, slice.columns, output.columns());
            OneDnnProduct prepared = products.get(member, key, slice.packed.layout);
            MemorySegment source =
                    switch (operands) {
                        case FLOATS -> {
                            FloatMatrix floats = input.floats();
                            yield floats.data().asSlice(floats.offset(0, inputs.from()));
                        }
                        case PAIRS -> input.bf16();
                        case BYTES -> input.int8();
                    };
            MemorySegment target = output.data().asSlice(output.offset(0, slice.from));
            bound[0] = dnn.memory(prepared.description().src_desc(), source);
            bound[1] = dnn.memory(prepared.description().dst_desc(), target);
            arguments = new IntMemoryMap();
            arguments.put(dnnl.DNNL_ARG_SRC, bound[0]);
            arguments.put(dnnl.DNNL_ARG_WEIGHTS, slice.packed.weights);
            arguments.put(dnnl.DNNL_ARG_DST, bound[1]);
            if (slice.packed.scales != null) {
                arguments.put(
                        dnnl.DNNL_ARG_ATTR_SCALES | dnnl.DNNL_ARG_WEIGHTS, slice.packed.scales);
            }
            product = prepared;
            x = input;
            y = output;
        }
    }
}
