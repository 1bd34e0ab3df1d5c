package dev.weft.inference.tensorrtllm.adapter;

import dev.weft.protocol.adapter.AdapterDigest;

/**
 * An adapter that the engine holds, with what a request needs to name it.
 *
 * @param <W> what its model is given of it
 */
public final class HeldAdapter<W extends AdapterData> {
    private final AdapterDigest digest;
    private final long taskId;
    private final W data;

    // under the shelf's lock
    int uses;
    int lent;
    boolean unloaded;
    boolean gone;

    private volatile boolean sent;

    HeldAdapter(AdapterDigest digest, long taskId, W data) {
        this.digest = digest;
        this.taskId = taskId;
        this.data = data;
    }

    public AdapterDigest digest() {
        return digest;
    }

    /** Its number in TensorRT-LLM's cache. */
    public long taskId() {
        return taskId;
    }

    public W data() {
        return data;
    }

    /** True where the model was sent its weights and has not been loaded again since. */
    public boolean sent() {
        return sent;
    }

    public void sent(boolean now) {
        sent = now;
    }
}
