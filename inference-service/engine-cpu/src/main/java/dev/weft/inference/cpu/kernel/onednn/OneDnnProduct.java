package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.matrix.RowBuckets;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.stream;

/**
 * A product {@code [rows][in] x [in][out] -> float [rows][out]} prepared for one row count. A
 * primitive must not run in two threads at once, so each member of a team has its own.
 *
 * <p>In int8 oneDNN multiplies by the scale of each output; the scale of each row is left to the
 * caller, since oneDNN has only its slow reference kernel for both.
 */
record OneDnnProduct(matmul primitive, matmul.primitive_desc description) {
    /**
     * What distinguishes prepared products.
     *
     * @param rows a {@link RowBuckets bucket}
     * @param stride columns of the matrix that the result is a slice of
     */
    record Key(Precision precision, int rows, int in, int out, int stride) {
        private String text() {
            return "%d rows by %d inputs by %d outputs in %s"
                    .formatted(rows, in, out, precision.name().toLowerCase(Locale.ROOT));
        }
    }

    private static final memory.data_type F32 = memory.data_type.f32;

    /** Scales differ along the second dimension of the weights. */
    private static final int PER_OUTPUT = 1 << 1;

    /**
     * Prepares a product whose weights have the given layout.
     *
     * @throws IllegalStateException if oneDNN has no kernel for it, or only its slow reference
     *     kernel; oneDNN's own words, which speak of its parts and variables, are the cause's
     */
    static OneDnnProduct prepare(OneDnn dnn, Key key, memory.desc weights) {
        memory.desc source =
                new memory.desc(
                        new long[] {key.rows, key.in}, type(key.precision), new long[] {key.in, 1});
        memory.desc target =
                new memory.desc(new long[] {key.rows, key.out}, F32, new long[] {key.stride, 1});
        primitive_attr attributes = new primitive_attr();
        if (key.precision != Precision.BF16) {
            attributes.set_scales_mask(dnnl.DNNL_ARG_WEIGHTS, PER_OUTPUT);
        }
        matmul.primitive_desc description;
        try {
            description =
                    new matmul.primitive_desc(
                            dnn.engine(), source, weights, target, attributes, false);
        } catch (RuntimeException e) {
            throw new IllegalStateException("oneDNN has no kernel here for " + key.text(), e);
        }
        String kernel = description.impl_info_str().getString();
        if (kernel.contains("ref")) {
            throw new IllegalStateException(
                    "oneDNN has no fast kernel here for %s, only its slow reference (%s)"
                            .formatted(key.text(), kernel));
        }
        return new OneDnnProduct(new matmul(description), description);
    }

    /** Computes once, on a stream of the calling thread; weights without scales. */
    void execute(OneDnn dnn, MemorySegment source, MemorySegment weights, MemorySegment target) {
        IntMemoryMap arguments = new IntMemoryMap();
        arguments.put(dnnl.DNNL_ARG_SRC, dnn.memory(description.src_desc(), source));
        arguments.put(dnnl.DNNL_ARG_WEIGHTS, dnn.memory(description.weights_desc(), weights));
        arguments.put(dnnl.DNNL_ARG_DST, dnn.memory(description.dst_desc(), target));
        stream queue = dnn.stream();
        primitive.execute(queue, arguments);
        queue._wait();
    }

    /** Lets oneDNN choose the layout of the weights for this shape. */
    static memory.desc anyWeights(Precision precision, int in, int out) {
        return new memory.desc(new long[] {in, out}, type(precision), memory.format_tag.any);
    }

    /** Weights as checkpoints hold them: {@code [out][in]}. */
    static memory.desc plainWeights(Precision precision, int in, int out) {
        return new memory.desc(new long[] {in, out}, type(precision), new long[] {1, in});
    }

    /** One scale per output. */
    static memory.desc scales(int out) {
        return new memory.desc(new long[] {out}, F32, new long[] {1});
    }

    private static memory.data_type type(Precision precision) {
        return switch (precision) {
            case BF16 -> memory.data_type.bf16;
            case INT8 -> memory.data_type.s8;
        };
    }
}
