package dev.weft.inference.tensorrtllm.adapter;

import dev.weft.inference.engine.shelf.ShelvedAdapter;
import dev.weft.protocol.adapter.AdapterDigest;

/**
 * An adapter with what a request needs to name it. Its data may outlive it, since they are freed
 * only when no request of Triton's reads them any more. Any thread.
 *
 * @param <W> the data of it that its model is given
 */
public final class SentAdapter<W extends AdapterData> implements ShelvedAdapter {
    private final AdapterDigest digest;
    private final long taskId;
    private final W data;
    private int lent;
    private boolean closed;
    private volatile boolean sent;

    public SentAdapter(AdapterDigest digest, long taskId, W data) {
        this.digest = digest;
        this.taskId = taskId;
        this.data = data;
    }

    @Override
    public AdapterDigest digest() {
        return digest;
    }

    /** The adapter's number in TensorRT-LLM's cache. */
    public long taskId() {
        return taskId;
    }

    public W data() {
        return data;
    }

    @Override
    public long bytes() {
        return data.bytes();
    }

    /** True if the model was sent its weights and has not been loaded again since. */
    public boolean sent() {
        return sent;
    }

    public void sent(boolean now) {
        sent = now;
    }

    /** Triton reads the data from now on. */
    public synchronized void lend() {
        lent++;
    }

    /** A request of Triton's to which the data was lent has gone. */
    public synchronized void takeBack() {
        lent--;
        freeIfUnread();
    }

    @Override
    public synchronized void close() {
        closed = true;
        freeIfUnread();
    }

    private void freeIfUnread() {
        if (closed && lent == 0) {
            data.close();
        }
    }
}
