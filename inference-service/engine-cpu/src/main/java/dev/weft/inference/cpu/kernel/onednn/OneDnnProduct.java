package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.matrix.RowBuckets;
import java.lang.foreign.MemorySegment;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.stream;
import org.jspecify.annotations.Nullable;

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
    record Key(Operands operands, int rows, InputBlock inputs, int out, int stride) {
        private String text() {
            return "%d rows by %d inputs by %d outputs in %s"
                    .formatted(rows, inputs.count(), out, operands.text());
        }
    }

    private static final memory.data_type F32 = memory.data_type.f32;

    /** Scales differ along the second dimension of the weights. */
    private static final int PER_OUTPUT = 1 << 1;

    /** Prepares a product whose weights have the layout that oneDNN prefers; throws the same. */
    static OneDnnProduct prepare(OneDnn dnn, Key key) {
        return prepare(dnn, key, anyWeights(key.operands, key.inputs.count(), key.out));
    }

    /**
     * Prepares a product whose weights have the given layout.
     *
     * @throws IllegalStateException if oneDNN has no kernel for it, or only its slow reference
     *     kernel; oneDNN's own words, which speak of its parts and variables, are the cause's
     */
    static OneDnnProduct prepare(OneDnn dnn, Key key, memory.desc weights) {
        memory.desc source =
                new memory.desc(
                        new long[] {key.rows, key.inputs.count()},
                        key.operands.inputType(),
                        new long[] {key.inputs.stride(), 1});
        memory.desc target =
                new memory.desc(new long[] {key.rows, key.out}, F32, new long[] {key.stride, 1});
        primitive_attr attributes = new primitive_attr();
        switch (key.operands) {
            case FLOATS -> attributes.set_fpmath_mode(dnnl.dnnl_fpmath_mode_strict, true);
            case PAIRS -> {
                // as they are
            }
            case BYTES -> attributes.set_scales_mask(dnnl.DNNL_ARG_WEIGHTS, PER_OUTPUT);
        }
        if (key.inputs.isAdded()) {
            post_ops added = new post_ops();
            added.append_sum(1f, 0, F32);
            attributes.set_post_ops(added);
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

    /**
     * Computes once, on a stream of the calling thread.
     *
     * @param scales of the outputs in int8, else null
     */
    void execute(
            OneDnn dnn,
            MemorySegment source,
            MemorySegment weights,
            @Nullable memory scales,
            MemorySegment target) {
        IntMemoryMap arguments = new IntMemoryMap();
        arguments.put(dnnl.DNNL_ARG_SRC, dnn.memory(description.src_desc(), source));
        arguments.put(dnnl.DNNL_ARG_WEIGHTS, dnn.memory(description.weights_desc(), weights));
        arguments.put(dnnl.DNNL_ARG_DST, dnn.memory(description.dst_desc(), target));
        if (scales != null) {
            arguments.put(dnnl.DNNL_ARG_ATTR_SCALES | dnnl.DNNL_ARG_WEIGHTS, scales);
        }
        stream queue = dnn.stream();
        primitive.execute(queue, arguments);
        queue._wait();
    }

    /** Lets oneDNN choose the layout of the weights for this shape. */
    static memory.desc anyWeights(Operands operands, int in, int out) {
        return new memory.desc(new long[] {in, out}, operands.weightType(), memory.format_tag.any);
    }

    /** Weights of a block as checkpoints hold them, {@code [out][stride]}, from its first on. */
    static memory.desc plainWeights(Operands operands, InputBlock inputs, int out) {
        return new memory.desc(
                new long[] {inputs.count(), out},
                operands.weightType(),
                new long[] {1, inputs.stride()});
    }

    /** One scale per output. */
    static memory.desc scales(int out) {
        return new memory.desc(new long[] {out}, F32, new long[] {1});
    }
}
