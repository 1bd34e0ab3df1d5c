package dev.weft.gateway.limit.redis;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends answers that take too long. All answers have the same time, so one timer at a time does for
 * all of them, and an answer that comes in time starts and stops no timer. Any thread.
 */
final class AnswerDeadline {
    private record Bound(CompletableFuture<?> answer, long until) {}

    private final long nanos;

    /** The answers in the order of their deadlines. */
    private final Queue<Bound> open = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean planned = new AtomicBoolean();

    AnswerDeadline(Duration time) {
        this.nanos = time.toNanos();
    }

    /**
     * Returns the answer. If it is too late, a thread of the JDK's ends it with a {@link
     * TimeoutException}.
     */
    <T> CompletableFuture<T> bind(CompletableFuture<T> answer) {
        open.add(new Bound(answer, System.nanoTime() + nanos));
        plan();
        return answer;
    }

    /** Plans the next look for the oldest answer, whoever has bound it. */
    private void plan() {
        Bound first = open.peek();
        if (first != null && planned.compareAndSet(false, true)) {
            long left = Math.max(1, first.until - System.nanoTime());
            CompletableFuture.delayedExecutor(left, TimeUnit.NANOSECONDS, Runnable::run)
                    .execute(this::look);
        }
    }

    private void look() {
        long now = System.nanoTime();
        for (Bound first; (first = open.peek()) != null && isOver(first, now); ) {
            if (open.remove(first)) {
                first.answer.completeExceptionally(new TimeoutException());
            }
        }
        // whoever binds one after this finds nothing planned
        planned.set(false);
        plan();
    }

    private static boolean isOver(Bound bound, long now) {
        return bound.answer.isDone() || bound.until - now <= 0;
    }
}
