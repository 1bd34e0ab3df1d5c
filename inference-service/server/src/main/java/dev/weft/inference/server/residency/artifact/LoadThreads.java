package dev.weft.inference.server.residency.artifact;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;

/**
 * Threads that check, open and pack adapters, tenants by turns. They are threads of their own,
 * since that work takes a processor for milliseconds: on virtual threads it would delay every
 * request of the worker. They are few, since they compete with the engine's team, whose step is as
 * slow as its slowest member.
 */
public final class LoadThreads implements AutoCloseable {
    /** One alone would let an adapter on a slow disk hold up all others. */
    private static final int LEAST = 2;

    private static final int CORES_FOR_EACH = 8;
    private static final int MOST_BESIDE = 16;

    private final ExecutorService threads;
    private final TenantTurns turns;

    private LoadThreads(int count) {
        ThreadFactory factory = Thread.ofPlatform().name("weft-load-", 0).daemon().factory();
        this.threads = Executors.newFixedThreadPool(count, factory);
        this.turns = new TenantTurns(threads, count, count);
    }

    /** Starts the threads; close them when the engine is closed. */
    public static LoadThreads start() {
        return new LoadThreads(
                Math.max(LEAST, Runtime.getRuntime().availableProcessors() / CORES_FOR_EACH));
    }

    /**
     * Starts the threads of a worker with a server beside it. They wait for the server's steps for
     * most of their time.
     *
     * @param slots places of adapters in the server's batch
     */
    public static LoadThreads beside(int slots) {
        return new LoadThreads(Math.clamp(slots, LEAST, MOST_BESIDE));
    }

    /**
     * Has work for a tenant done.
     *
     * @throws RejectedExecutionException if they are closed
     */
    public void execute(String tenant, Runnable work) {
        turns.execute(tenant, work);
    }

    /** Takes no more work; work that waits is still done. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
