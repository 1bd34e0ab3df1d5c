package dev.weft.inference.cpu.batch;

import dev.weft.inference.engine.statistics.Histogram;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes masks on a few threads of its own, beside the engine's. A row has at most one mask under
 * way, so what waits is bounded by the rows. Any thread.
 */
final class MaskThreads implements AutoCloseable {
    /** A row pauses after a long mask, so that it takes at most an eleventh of a core. */
    private static final int PAUSE = 10;

    /** Masks below that need no pause. */
    private static final long SHORT_NANOS = 2_000_000;

    /** Most cores are the engine's. */
    private static final int CORES_PER_THREAD = 8;

    private static final double NANOS = 1e9;

    private final int vocabulary;
    private final Runnable wake;
    private final ScheduledThreadPoolExecutor threads;
    private final ScoreCopies copies = new ScoreCopies();
    private final Queue<Scratch> scratches = new ConcurrentLinkedQueue<>();
    private final Histogram seconds =
            new Histogram(
                    0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                    0.025, 0.05, 0.1, 0.25, 0.5, 1);

    /** What one mask needs; there are as many as threads. */
    @SuppressWarnings("ArrayRecordComponent") // one owner after the other, never compared
    private record Scratch(MaskedChoice choice, long[] bits) {}

    /**
     * Threads that start when they are needed.
     *
     * @param wake called after each mask, on its thread
     */
    MaskThreads(int vocabulary, Runnable wake) {
        this.vocabulary = vocabulary;
        this.wake = wake;
        AtomicInteger names = new AtomicInteger();
        int count = Math.max(1, Runtime.getRuntime().availableProcessors() / CORES_PER_THREAD);
        this.threads =
                new ScheduledThreadPoolExecutor(
                        count,
                        work ->
                                Thread.ofPlatform()
                                        .name("weft-mask-" + names.getAndIncrement())
                                        .daemon()
                                        .unstarted(work));
        threads.setRemoveOnCancelPolicy(true);
    }

    /**
     * Makes a mask.
     *
     * @param lastNanos what the row's last mask took
     */
    MaskTask make(MaskWork work, long lastNanos) {
        MaskTask task = new MaskTask(() -> run(work), wake);
        long pause = lastNanos > SHORT_NANOS ? PAUSE * lastNanos : 0;
        task.scheduled(threads.schedule(task, pause, TimeUnit.NANOSECONDS));
        return task;
    }

    private Drawn run(MaskWork work) {
        Scratch known = scratches.poll();
        Scratch scratch =
                known != null
                        ? known
                        : new Scratch(
                                new MaskedChoice(vocabulary), new long[(vocabulary + 63) / 64]);
        long begin = System.nanoTime();
        try {
            return work.run(scratch.choice, scratch.bits);
        } finally {
            seconds.record((System.nanoTime() - begin) / NANOS);
            scratches.add(scratch);
            copies.back(work.choice().scores());
        }
    }

    /** Where choices get their scores from; they come back when their mask is there. */
    ScoreCopies copies() {
        return copies;
    }

    /** Seconds of each mask so far, waiting excluded. */
    Histogram.Snapshot seconds() {
        return seconds.snapshot();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
