package dev.weft.inference.cpu.kernel.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;

/**
 * Products of unsigned bytes {@code [rows][in]} and signed bytes, as one member of a team computes
 * them: its thread alone uses an instance. The results are whole numbers {@code [rows][out]} and
 * exact, except that AVX2's kernels round them once if a float can't hold them.
 *
 * <p>oneDNN's product of matrices packs weights anew each time on processors without VNNI. Its
 * convolution of one by one pixel is the same product, each row a pixel and each input a channel,
 * and takes weights that were packed once.
 */
final class ReducedInt8Products {
    private static final long[] ONE = {1, 1};
    private static final long[] NONE = {0, 0};

    private final OneDnn dnn;
    private final Map<Key, Prepared> prepared = new HashMap<>();
    private MemorySegment sums = MemorySegment.NULL;

    ReducedInt8Products(OneDnn dnn) {
        this.dnn = dnn;
    }

    private record Key(int rows, int in, int out) {}

    private record Prepared(
            convolution_forward primitive, convolution_forward.primitive_desc description) {}

    /**
     * A product that is bound to its operands.
     *
     * @param sums where the results come, {@code [rows][out]} of 32-bit whole numbers; the next
     *     call of this member overwrites them
     */
    record Call(
            convolution_forward primitive,
            IntMemoryMap arguments,
            memory inputs,
            memory results,
            MemorySegment sums) {}

    /** Whether oneDNN has more than its slow reference kernel for them. */
    static boolean isFast(OneDnn dnn) {
        dnn.stream();
        return isFast(
                describe(dnn, new Key(OneDnnRoom.PACKED_FOR_ROWS, 256, 256), anyWeights(256, 256)));
    }

    /** The layout that oneDNN prefers for weights. */
    memory.desc layout(int in, int out) {
        dnn.stream();
        Key key = new Key(OneDnnRoom.PACKED_FOR_ROWS, in, out);
        return prepared.computeIfAbsent(key, k -> prepare(dnn, k, anyWeights(in, out)))
                .description()
                .weights_desc();
    }

    /**
     * Packs weights.
     *
     * @param plain {@code [out][in]}
     */
    void pack(MemorySegment plain, int in, int out, memory packed) {
        memory.desc rows =
                new memory.desc(
                        new long[] {out, in, 1, 1}, memory.data_type.s8, memory.format_tag.oihw);
        dnn.reorder(rows, plain, packed);
    }

    /** Makes room for the results of later calls. */
    void reserve(long bytes) {
        if (sums.byteSize() < bytes) {
            sums = Arena.ofAuto().allocate(bytes, 64);
        }
    }

    /**
     * The most rows, {@code rows} or a half, a quarter of it and so on, that can be multiplied at
     * once by weights that were packed. With AVX-512 oneDNN wants another layout for many rows than
     * for a few.
     */
    int mostRows(int rows, int in, int out, memory weights) {
        dnn.stream();
        int most = rows;
        while (most > 1 && !isFast(describe(dnn, new Key(most, in, out), weights.get_desc()))) {
            most /= 2;
        }
        return most;
    }

    /**
     * Binds a product to memory, which must stay open as long as the call is used. Room for its
     * results has been {@linkplain #reserve reserved}.
     *
     * @param weights of the {@link #layout} for this shape
     */
    Call bind(int rows, int in, int out, MemorySegment inputs, memory weights) {
        dnn.stream();
        Prepared product =
                prepared.computeIfAbsent(
                        new Key(rows, in, out), k -> prepare(dnn, k, weights.get_desc()));
        memory x = dnn.memory(product.description.src_desc(), inputs);
        memory y = dnn.memory(product.description.dst_desc(), sums);
        IntMemoryMap arguments = new IntMemoryMap();
        arguments.put(dnnl.DNNL_ARG_SRC, x);
        arguments.put(dnnl.DNNL_ARG_WEIGHTS, weights);
        arguments.put(dnnl.DNNL_ARG_DST, y);
        return new Call(product.primitive, arguments, x, y, sums);
    }

    void execute(Call call) {
        stream queue = dnn.stream();
        call.primitive.execute(queue, call.arguments);
        queue._wait();
    }

    private static Prepared prepare(OneDnn dnn, Key key, memory.desc weights) {
        convolution_forward.primitive_desc description = describe(dnn, key, weights);
        if (!isFast(description)) {
            throw new IllegalStateException(
                    "oneDNN has no fast kernel here for %d rows by %d inputs by %d outputs in reduced int8, only its slow reference"
                            .formatted(key.rows, key.in, key.out));
        }
        return new Prepared(new convolution_forward(description), description);
    }

    private static boolean isFast(convolution_forward.primitive_desc description) {
        return !description.impl_info_str().getString().contains("ref");
    }

    private static memory.desc anyWeights(int in, int out) {
        return new memory.desc(
                new long[] {out, in, 1, 1}, memory.data_type.s8, memory.format_tag.any);
    }

    private static convolution_forward.primitive_desc describe(
            OneDnn dnn, Key key, memory.desc weights) {
        return new convolution_forward.primitive_desc(
                dnn.engine(),
                dnnl.dnnl_forward_inference,
                dnnl.dnnl_convolution_direct,
                pixels(key.rows, key.in, memory.data_type.u8),
                weights,
                pixels(key.rows, key.out, memory.data_type.s32),
                ONE,
                NONE,
                NONE);
    }

    private static memory.desc pixels(int rows, int channels, memory.data_type type) {
        return new memory.desc(new long[] {1, channels, 1, rows}, type, memory.format_tag.nhwc);
    }
}
