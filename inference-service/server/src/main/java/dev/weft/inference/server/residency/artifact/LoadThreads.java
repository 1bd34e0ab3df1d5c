package dev.weft.inference.server.residency.artifact;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;

/**
 * Threads that check, open and pack adapters, tenants by turns. They are threads of their own,
 * because that work takes a processor for milliseconds: on virtual threads it would hold up every
 * request of the worker. They are few, because they compete with the engine's team, whose step is
 * as slow as its slowest member.
 */
public final class LoadThreads implements AutoCloseable {
    /** One alone would let an adapter on a slow disk hold up all others. */
    private static final int LEAST = 2;

    private static final int CORES_FOR_EACH = 8;

    private final ExecutorService threads;
    private final TenantTurns turns;

    private LoadThreads(int count) {
        ThreadFactory factory = Thread.ofPlatform().name("weft-load-", 0).daemon().factory();
        this.threads = Executors.newFixedThreadPool(count, factory);
        this.turns = new TenantTurns(threads, count, count);
    }

    /** Starts them; close them when the engine is closed. */
    public static LoadThreads start() {
        return new LoadThreads(
                Math.max(LEAST, Runtime.getRuntime().availableProcessors() / CORES_FOR_EACH));
    }

    /**
     * Has work for a tenant done.
     *
     * @throws RejectedExecutionException where they are closed
     */
    public void execute(String tenant, Runnable work) {
        turns.execute(tenant, work);
    }

    /** What waits is done yet, and nothing more is taken. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
