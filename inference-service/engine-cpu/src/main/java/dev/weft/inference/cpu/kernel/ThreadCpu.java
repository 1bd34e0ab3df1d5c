package dev.weft.inference.cpu.kernel;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The CPU time of one thread that works in stretches, apart from what it takes within them: what it
 * spins away while it waits. The thread itself calls {@link #begin} and {@link #end}, which take
 * about half a microsecond each; any thread reads.
 */
public final class ThreadCpu {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long NONE = -1;

    /** A stretch may begin or end while it is read; then it is read again. */
    private static final int TRIES = 8;

    private final Thread thread;

    /** Nanoseconds within all stretches that have ended. */
    private final AtomicLong busy = new AtomicLong();

    /** The thread's CPU time when the stretch began; {@link #NONE} between two of them. */
    private volatile long begun = NONE;

    private long reported;

    /** Of a thread that is between two stretches. */
    public ThreadCpu(Thread thread) {
        this.thread = thread;
    }

    /** A stretch of work begins. */
    public void begin() {
        begun = THREADS.getCurrentThreadCpuTime();
    }

    /** It has ended. */
    public void end() {
        busy.addAndGet(THREADS.getCurrentThreadCpuTime() - begun);
        begun = NONE;
    }

    /** Nanoseconds outside of stretches so far; never falls. */
    public synchronized long idleNanos() {
        for (int i = 0; i < TRIES; i++) {
            long ended = busy.get();
            long since = begun;
            long total = since == NONE ? THREADS.getThreadCpuTime(thread.threadId()) : since;
            if (ended == busy.get() && since == begun) {
                reported = Math.max(reported, total - ended);
                break;
            }
        }
        return reported;
    }
}
