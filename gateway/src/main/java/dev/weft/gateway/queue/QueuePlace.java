package dev.weft.gateway.queue;

import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A request's place in a {@link BaseQueue}. Whoever has it must close it. Any thread. */
public final class QueuePlace implements AutoCloseable {
    enum State {
        /** It is in the queue. */
        WAITING,
        /** It was let go, and is not at a worker yet. */
        ADMITTED,
        /** It is at a worker, was shed, or has left. */
        GONE
    }

    private final BaseQueue queue;
    private final Newcomer who;
    private final long since;
    private final @Nullable BooleanSupplier condition;
    private final CompletableFuture<Void> admitted = new CompletableFuture<>();

    /** The queue guards it. */
    State state = State.WAITING;

    /**
     * @param since when it came, in nanoseconds
     * @param condition that it waits for; null if it waits for a worker
     */
    QueuePlace(BaseQueue queue, Newcomer who, long since, @Nullable BooleanSupplier condition) {
        this.queue = queue;
        this.who = who;
        this.since = since;
        this.condition = condition;
    }

    Newcomer who() {
        return who;
    }

    /** When it came, in nanoseconds. */
    long since() {
        return since;
    }

    /** True if it waits for something else than a worker. */
    boolean isHeld() {
        return condition != null;
    }

    /** True if what it waits for is there; never of a request that waits for a worker. */
    boolean isReady() {
        return condition != null && condition.getAsBoolean();
    }

    /**
     * Completes when the request may go on; fails with the client's error if it may not. It does so
     * in the thread that decided it, which must not be held up.
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
