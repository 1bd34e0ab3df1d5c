package dev.weft.format.quantised;

/** How a checkpoint stores the weights of its linear layers. */
public sealed interface Quantisation {
    /** Weights as float32, float16 or bfloat16. */
    record None() implements Quantisation {}

    /**
     * Weights in 4 bits; a weight is {@code (code - zero) * scale}, with one zero and one scale for
     * each output and group of inputs.
     *
     * @param groupSize inputs of a group; 0 if all are one
     */
    record Grouped(Form form, int groupSize, Zeros zeros, Order order) implements Quantisation {}

    /**
     * Weights in 8-bit floats (E4M3) with scales.
     *
     * @param suffix of the tensor with scales
     * @param blockRows outputs that share a scale, with {@code blockColumns} inputs; 0 if a scale
     *     is for a whole row, or for all
     */
    record Fp8(String suffix, int blockRows, int blockColumns) implements Quantisation {}

    /** The code that stands for 0. */
    enum Zeros {
        /** 8, in all groups; none is stored. */
        MIDDLE,

        /** Each group's is stored. */
        STORED,

        /** Each group's is stored less one, as GPTQ's first format does. */
        LESS_ONE
    }

    /** Which inputs are in a group. */
    enum Order {
        /** Neighbours. */
        IN_ORDER,

        /** Any inputs: a tensor says the group of each. */
        ANY
    }

    /** Where codes of 4 bits lie in 32-bit integers. */
    enum Form {
        /**
         * {@code weight_packed [out][in / 8]}, inputs from the low bits on; compressed-tensors'
         * pack-quantized.
         */
        PACKED,

        /** {@code qweight [in / 8][out]}, inputs from the low bits on; AutoGPTQ, GPTQModel. */
        GPTQ,

        /**
         * {@code qweight [in][out / 8]}, outputs 0, 2, 4, 6, 1, 3, 5, 7 from the low bits on;
         * AutoAWQ's gemm.
         */
        AWQ
    }
}
