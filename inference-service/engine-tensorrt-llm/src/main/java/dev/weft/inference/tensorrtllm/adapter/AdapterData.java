package dev.weft.inference.tensorrtllm.adapter;

/** The data of an adapter that a model is given. Closing it frees the memory or the files. */
public interface AdapterData extends AutoCloseable {
    /** Bytes of memory or disk. */
    long bytes();

    @Override
    void close();
}
