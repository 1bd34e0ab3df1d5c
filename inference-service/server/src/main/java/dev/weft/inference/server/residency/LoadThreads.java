package dev.weft.inference.server.residency;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/**
 * Threads that check, open and pack adapters. They are threads of their own, because that work
 * takes a processor for milliseconds: on virtual threads it would hold up every request of the
 * worker. They are few, because they compete with the engine's team, whose step is as slow as its
 * slowest member.
 */
public final class LoadThreads {
    /** One alone would let an adapter on a slow disk hold up all others. */
    private static final int LEAST = 2;

    private static final int CORES_FOR_EACH = 8;

    private LoadThreads() {}

    /** Starts them; shut them down when the engine is closed. */
    public static ExecutorService start() {
        ThreadFactory threads = Thread.ofPlatform().name("weft-load-", 0).daemon().factory();
        return Executors.newFixedThreadPool(
                Math.max(LEAST, Runtime.getRuntime().availableProcessors() / CORES_FOR_EACH),
                threads);
    }
}
