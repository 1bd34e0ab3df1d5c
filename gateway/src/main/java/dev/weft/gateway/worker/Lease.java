package dev.weft.gateway.worker;

import dev.weft.protocol.adapter.AdapterDigest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A request's place at a worker. Closing it twice counts once. Any thread. */
public final class Lease implements AutoCloseable {
    private final PooledWorker worker;
    private final @Nullable AdapterDigest adapter;
    private final Runnable probeNow;
    private final long start = System.nanoTime();
    private final AtomicBoolean open = new AtomicBoolean(true);
    private final CompletableFuture<String> lost = new CompletableFuture<>();

    /** Whether the pool knows already what the answer says of the worker. */
    private volatile boolean settled;

    /**
     * Takes a place.
     *
     * @param adapter that the request uses; null for the base
     */
    Lease(PooledWorker worker, @Nullable AdapterDigest adapter, Runnable probeNow) {
        this.worker = worker;
        this.adapter = adapter;
        this.probeNow = probeNow;
        worker.begin(this);
    }

    /**
     * Completes with a reason when the worker is given up: it answers nothing any more, or reports
     * itself that it makes no progress. Its requests have to end, or to be given to another worker.
     */
    public CompletableFuture<String> lost() {
        return lost;
    }

    Optional<AdapterDigest> adapter() {
        return Optional.ofNullable(adapter);
    }

    /** No connection could be made to the worker; it is probed at once. */
    public void refused() {
        worker.refused();
        probeNow.run();
    }

    /** The request failed by the worker's fault; some of these in a row keep it from requests. */
    public void failed() {
        if (!settled) {
            settled = true;
            worker.health().failed();
        }
    }

    /** The answer began and ended with an error that says nothing of the worker. */
    public void brokeOff() {
        settled = true;
    }

    /** The request went well, unless it was said to have ended otherwise. */
    public void answered() {
        if (!settled) {
            worker.health().answered();
        }
    }

    /**
     * The answer is a stream, and begins.
     *
     * @param bytes of the request
     */
    public void began(int bytes) {
        worker.health().began(System.nanoTime() - start, bytes);
    }

    /** Notes that bytes of an answer came: the worker is at work, whatever its probes say. */
    public void heard() {
        worker.heard();
    }

    void lose(String why) {
        lost.complete(why);
    }

    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            worker.end(this);
        }
    }
}
