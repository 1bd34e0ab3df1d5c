package dev.weft.inference.tensorrtllm.adapter;

/** What a model is given of an adapter. Closing it frees the memory or the files. */
public interface AdapterData extends AutoCloseable {
    /** Of memory or disk. */
    long bytes();

    @Override
    void close();
}
