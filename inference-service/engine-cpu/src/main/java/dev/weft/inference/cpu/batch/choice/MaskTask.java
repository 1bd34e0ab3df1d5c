package dev.weft.inference.cpu.batch.choice;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A mask under way. The owner thread asks for its outcome; a mask thread runs it. */
final class MaskTask implements Runnable {
    /** A mask with its wait for a thread may take so many times the longest time of a mask. */
    private static final int LONGEST_WAIT = 30;

    private final FutureTask<Drawn> task;
    private final String tenant;
    private final long number;
    private final Runnable wake;
    private final Consumer<MaskTask> leave;
    private final long longestNanos;
    private final long askedNanos = System.nanoTime();
    private volatile @Nullable Long begunNanos;
    private volatile long tookNanos;

    /**
     * A mask that waits.
     *
     * @param number later ones have higher numbers
     * @param wake called when it has run
     * @param leave removes it from the queue in which it waits
     * @param longestNanos the longest time that it may run
     */
    MaskTask(
            Callable<Drawn> work,
            String tenant,
            long number,
            Runnable wake,
            Consumer<MaskTask> leave,
            long longestNanos) {
        this.task = new FutureTask<>(work);
        this.tenant = tenant;
        this.number = number;
        this.wake = wake;
        this.leave = leave;
        this.longestNanos = longestNanos;
    }

    /** The tenant whose answer waits for the mask. */
    String tenant() {
        return tenant;
    }

    /** The number of the mask; older masks have lower ones. */
    long number() {
        return number;
    }

    @Override
    public void run() {
        long begin = System.nanoTime();
        begunNanos = begin;
        task.run();
        tookNanos = System.nanoTime() - begin;
        wake.run();
    }

    /** Waits for the outcome until {@code untilNanos}; null if it is not ready then. */
    @Nullable Drawn await(long untilNanos) {
        try {
            return task.get(Math.max(0, untilNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the work of a mask never throws", e);
        }
    }

    /** The time that the mask took, or has taken so far. */
    long nanos(long now) {
        Long begun = begunNanos;
        return tookNanos > 0 ? tookNanos : begun == null ? 0 : now - begun;
    }

    /** Whether the mask has used up its time. */
    boolean overdue(long now) {
        return nanos(now) > longestNanos || now - askedNanos > LONGEST_WAIT * longestNanos;
    }

    /** Cancels a mask that nobody waits for any more. */
    void giveUp() {
        task.cancel(true);
        leave.accept(this);
    }
}
