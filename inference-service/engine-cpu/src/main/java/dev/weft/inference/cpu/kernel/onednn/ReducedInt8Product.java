package dev.weft.inference.cpu.kernel.onednn;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;

/**
 * Products of unsigned bytes {@code [rows][in]} and signed ones {@code [out][in]} as floats, {@code
 * [rows][out]}: sums are exact, and rounded once if a float can't hold them. oneDNN packs the
 * weights anew each time, which takes little beside a few rows. An instance prepares the products
 * of one member of a team, and is used by its thread only.
 */
final class ReducedInt8Product {
    private final OneDnn dnn;
    private final Map<Key, OneDnnProduct> prepared = new HashMap<>();

    ReducedInt8Product(OneDnn dnn) {
        this.dnn = dnn;
    }

    /**
     * What distinguishes products.
     *
     * @param stride columns of the matrix that the result is a slice of
     */
    record Key(int rows, int in, int out, int stride) {}

    /** Whether oneDNN has more than its slow reference kernel for them. */
    static boolean isFast(OneDnn dnn) {
        dnn.stream();
        String kernel = describe(dnn, new Key(16, 256, 256, 256)).impl_info_str().getString();
        return !kernel.contains("ref");
    }

    /** Operands of a product, which stay bound to their memory. */
    record Call(matmul primitive, IntMemoryMap arguments, List<memory> bound) {}

    /** Binds a product to memory, which must stay open as long as the call is used. */
    Call bind(Key key, MemorySegment source, MemorySegment weights, MemorySegment target) {
        dnn.stream();
        OneDnnProduct product = prepared.computeIfAbsent(key, k -> prepare(dnn, k));
        matmul.primitive_desc description = product.description();
        memory x = dnn.memory(description.src_desc(), source);
        memory w = dnn.memory(description.weights_desc(), weights);
        memory y = dnn.memory(description.dst_desc(), target);
        IntMemoryMap arguments = new IntMemoryMap();
        arguments.put(dnnl.DNNL_ARG_SRC, x);
        arguments.put(dnnl.DNNL_ARG_WEIGHTS, w);
        arguments.put(dnnl.DNNL_ARG_DST, y);
        return new Call(product.primitive(), arguments, List.of(x, w, y));
    }

    void execute(Call call) {
        stream queue = dnn.stream();
        call.primitive.execute(queue, call.arguments);
        queue._wait();
    }

    private static OneDnnProduct prepare(OneDnn dnn, Key key) {
        matmul.primitive_desc description = describe(dnn, key);
        return new OneDnnProduct(new matmul(description), description);
    }

    private static matmul.primitive_desc describe(OneDnn dnn, Key key) {
        memory.desc source =
                new memory.desc(
                        new long[] {key.rows, key.in}, memory.data_type.u8, new long[] {key.in, 1});
        memory.desc weights =
                new memory.desc(
                        new long[] {key.in, key.out}, memory.data_type.s8, new long[] {1, key.in});
        memory.desc target =
                new memory.desc(
                        new long[] {key.rows, key.out},
                        memory.data_type.f32,
                        new long[] {key.stride, 1});
        return new matmul.primitive_desc(dnn.engine(), source, weights, target);
    }
}
