package dev.weft.inference.cpu.batch.choice;

import dev.weft.inference.engine.statistics.Histogram;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Makes masks on a few threads of its own, beside the engine's. A row has at most one mask under
 * way, so what waits is bounded by the rows. Tenants take turns. Any thread.
 */
public final class MaskThreads implements AutoCloseable {
    /** A row pauses after a long mask, so that it takes at most an eleventh of a core. */
    private static final int PAUSE = 10;

    /** A row needs no pause after a mask that took less. */
    private static final long SHORT_NANOS = 2_000_000;

    /** There is one thread for so many cores, since most cores are the engine's. */
    private static final int CORES_PER_THREAD = 8;

    private static final double NANOS = 1e9;

    private final int vocabulary;
    private final long longestNanos;
    private final Runnable wake;
    private final ExecutorService threads;
    private final MaskTurns turns;
    private final AtomicLong made = new AtomicLong();

    /** Holds back the masks of rows that pause. */
    private final ScheduledThreadPoolExecutor pauses;

    private final ScoreCopies copies = new ScoreCopies();
    private final Queue<MaskScratch> scratches = new ConcurrentLinkedQueue<>();
    private final Histogram seconds =
            new Histogram(
                    0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                    0.025, 0.05, 0.1, 0.25, 0.5, 1);

    /** The buffers of one mask; there are as many as threads. */
    @SuppressWarnings("ArrayRecordComponent") // one owner after the other, never compared
    private record MaskScratch(MaskedChoice choice, long[] bits) {}

    /**
     * Threads that start when they are needed.
     *
     * @param longest time of a mask
     * @param wake called after each mask, on its thread
     */
    public MaskThreads(int vocabulary, Duration longest, Runnable wake) {
        this.vocabulary = vocabulary;
        this.longestNanos = longest.toNanos();
        this.wake = wake;
        int count = Math.max(1, Runtime.getRuntime().availableProcessors() / CORES_PER_THREAD);
        this.threads = Executors.newFixedThreadPool(count, named("weft-mask-"));
        this.turns = new MaskTurns(threads);
        this.pauses = new ScheduledThreadPoolExecutor(1, named("weft-mask-pause-"));
        pauses.setRemoveOnCancelPolicy(true);
    }

    private static ThreadFactory named(String prefix) {
        return Thread.ofPlatform().name(prefix, 0).daemon().factory();
    }

    /**
     * Makes a mask.
     *
     * @param lastNanos what the row's last mask took
     */
    MaskTask make(MaskWork work, long lastNanos) {
        long number = made.getAndIncrement();
        if (lastNanos <= SHORT_NANOS) {
            MaskTask task =
                    new MaskTask(
                            () -> run(work),
                            work.tenant(),
                            number,
                            wake,
                            turns::leave,
                            longestNanos);
            turns.add(task);
            return task;
        }
        AtomicReference<@Nullable Future<?>> pause = new AtomicReference<>();
        MaskTask task =
                new MaskTask(
                        () -> run(work),
                        work.tenant(),
                        number,
                        wake,
                        left -> {
                            Future<?> its = pause.get();
                            if (its != null) {
                                its.cancel(false);
                            }
                            turns.leave(left);
                        },
                        longestNanos);
        pause.set(pauses.schedule(() -> turns.add(task), PAUSE * lastNanos, TimeUnit.NANOSECONDS));
        return task;
    }

    private Drawn run(MaskWork work) {
        MaskScratch known = scratches.poll();
        MaskScratch scratch =
                known != null
                        ? known
                        : new MaskScratch(
                                new MaskedChoice(vocabulary), new long[(vocabulary + 63) / 64]);
        long begin = System.nanoTime();
        try {
            return work.run(scratch.choice, scratch.bits, begin + longestNanos);
        } finally {
            seconds.record((System.nanoTime() - begin) / NANOS);
            scratches.add(scratch);
            copies.back(work.choice().scores());
        }
    }

    /** The copies of scores for choices; a copy comes back once its mask is made. */
    ScoreCopies copies() {
        return copies;
    }

    /** Seconds of each mask so far, waiting excluded. */
    Histogram.Snapshot seconds() {
        return seconds.snapshot();
    }

    @Override
    public void close() {
        pauses.shutdownNow();
        threads.shutdownNow();
    }
}
