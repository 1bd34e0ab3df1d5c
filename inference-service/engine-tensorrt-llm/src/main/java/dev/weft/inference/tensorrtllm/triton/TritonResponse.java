package dev.weft.inference.tensorrtllm.triton;

/**
 * The outputs of a response, valid within {@link ResponseReceiver#onResponse} only. {@link #select}
 * chooses the one that the other methods read.
 */
public interface TritonResponse {
    /** Selects an output; false if the response has no such output. */
    boolean select(OutputName name);

    TensorType type();

    long bytes();

    /** Size of the innermost dimension. */
    long lastDimension();

    /** An element of an output of four-byte integers. */
    int getInt(long index);

    /** An element of an output of type FP32 or FP16. */
    float getFloat(long index);

    /** The first text of an output of type BYTES. */
    String getText();
}
