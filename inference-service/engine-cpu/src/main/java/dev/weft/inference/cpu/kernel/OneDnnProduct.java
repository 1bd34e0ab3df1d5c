package dev.weft.inference.cpu.kernel;

import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;

/**
 * A bf16 product {@code [rows][in] x [in][out] -> float [rows][out]} prepared for one row count. A
 * primitive must not run in two threads at once, so each member of a team has its own.
 */
record OneDnnProduct(matmul primitive, matmul.primitive_desc description) {
    /**
     * What distinguishes prepared products.
     *
     * @param rows a {@link RowBuckets bucket}
     * @param stride columns of the matrix that the result is a slice of
     */
    record Key(int rows, int in, int out, int stride) {}

    private static final memory.data_type BF16 = memory.data_type.bf16;
    private static final memory.data_type F32 = memory.data_type.f32;

    /**
     * Prepares a product whose weights have the given layout.
     *
     * @throws IllegalStateException where oneDNN only has its slow reference kernel for it
     */
    static OneDnnProduct prepare(OneDnn dnn, Key key, memory.desc weights) {
        memory.desc source =
                new memory.desc(new long[] {key.rows, key.in}, BF16, new long[] {key.in, 1});
        memory.desc target =
                new memory.desc(new long[] {key.rows, key.out}, F32, new long[] {key.stride, 1});
        matmul.primitive_desc description =
                new matmul.primitive_desc(dnn.engine(), source, weights, target);
        String kernel = description.impl_info_str().getString();
        if (kernel.contains("ref")) {
            throw new IllegalStateException(
                    "oneDNN has no fast kernel for " + key + " in bf16 here, only " + kernel);
        }
        return new OneDnnProduct(new matmul(description), description);
    }

    /** Lets oneDNN choose the layout of the weights for this shape. */
    static memory.desc anyWeights(int in, int out) {
        return new memory.desc(new long[] {in, out}, BF16, memory.format_tag.any);
    }

    /** Weights as checkpoints hold them: {@code [out][in]}. */
    static memory.desc plainWeights(int in, int out) {
        return new memory.desc(new long[] {in, out}, BF16, new long[] {1, in});
    }
}
