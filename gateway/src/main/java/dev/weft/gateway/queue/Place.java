package dev.weft.gateway.queue;

import java.util.concurrent.CompletableFuture;

/** A request's place in a {@link BaseQueue}. Whoever has it must close it. Any thread. */
public final class Place implements AutoCloseable {
    enum State {
        /** In the queue. */
        WAITING,
        /** Let go, and not at a worker yet. */
        ADMITTED,
        /** At a worker, shed, or left. */
        GONE
    }

    private final BaseQueue queue;
    private final Newcomer who;
    private final long since;
    private final CompletableFuture<Void> admitted = new CompletableFuture<>();

    /** Guarded by the queue. */
    State state = State.WAITING;

    Place(BaseQueue queue, Newcomer who, long since) {
        this.queue = queue;
        this.who = who;
        this.since = since;
    }

    Newcomer who() {
        return who;
    }

    /** When it came, in nanoseconds. */
    long since() {
        return since;
    }

    /**
     * Completes when the request may go to a worker; fails with the client's error if it may not.
     * It does so in the thread that found out, which must not be kept.
     */
    public CompletableFuture<Void> admitted() {
        return admitted;
    }

    /** The request has a worker now, or does not want one any more. Twice counts once. */
    @Override
    public void close() {
        queue.leave(this);
    }
}
