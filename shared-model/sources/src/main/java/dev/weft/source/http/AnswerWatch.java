package dev.weft.source.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends a request if its answer does not begin in time, if too little of it arrives, or if its time
 * is over. A socket's own timeout sees only silence: a byte now and then would keep it alive for
 * ever.
 */
final class AnswerWatch implements AutoCloseable {
    private final Runnable end;
    private final HttpLimits limits;
    private final long over;
    private final Thread thread;
    private final AtomicLong arrived = new AtomicLong();
    private volatile String stalled = "";
    private volatile boolean closed;

    private AnswerWatch(Runnable end, HttpLimits limits, Duration left) {
        this.end = end;
        this.limits = limits;
        this.over = System.nanoTime() + left.toNanos();
        this.thread = Thread.ofVirtual().name("weft-source-watch").unstarted(this::run);
    }

    /**
     * Starts watching.
     *
     * @param end ends the request, from any thread
     * @param left until the request must be over
     */
    static AnswerWatch start(Runnable end, HttpLimits limits, Duration left) {
        AnswerWatch watch = new AnswerWatch(end, limits, left);
        watch.thread.start();
        return watch;
    }

    /** Notes that bytes arrived; the head of an answer counts as the bytes of one window. */
    void arrived(long bytes) {
        arrived.addAndGet(bytes);
    }

    void begun() {
        arrived(limits.least());
    }

    /** Throws if this watch ended the request. */
    void check() throws StalledException {
        if (!stalled.isEmpty()) {
            throw new StalledException(stalled);
        }
    }

    private void run() {
        long window = System.nanoTime() + limits.silence().toNanos();
        while (!closed) {
            long now = System.nanoTime();
            if (now - over >= 0) {
                stop("the time for the fetch is over");
            } else if (now - window >= 0) {
                long bytes = arrived.getAndSet(0);
                if (bytes < limits.least()) {
                    stop(tooLittle(bytes));
                }
                window = now + limits.silence().toNanos();
            } else {
                LockSupport.parkNanos(this, Math.min(window, over) - now);
            }
        }
    }

    private String tooLittle(long bytes) {
        return bytes == 0
                ? "nothing arrived for too long (" + limits.silence().toMillis() + " ms)"
                : bytes
                        + " bytes arrived within "
                        + limits.silence().toMillis()
                        + " ms, at least "
                        + limits.least()
                        + " are allowed";
    }

    private void stop(String why) {
        if (!closed) {
            stalled = why;
            closed = true;
            end.run();
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
