package dev.weft.protocol.loop;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A virtual thread that takes turns until it is closed; nothing else ends it. A turn that fails is
 * logged and counted, and the next one comes after 100 ms, twice that, and so on up to 5 s. So a
 * loop may be up to 5 s late once the cause of its failures is gone. Any thread may call the
 * methods.
 */
public final class Loop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** A loop that fails for long logs that about once a minute. */
    private static final int FAILURES_BETWEEN_LINES = 12;

    private final Loops loops;
    private final String name;
    private final String shown;
    private final Turn turn;
    private final Runnable last;
    private final Semaphore wakeUps = new Semaphore(0);
    private volatile boolean closed;

    /** The time at which the present turn was due, or last showed that it goes on; nanoseconds. */
    private volatile long due;

    private @Nullable Thread thread;

    // The number of turns that failed in a row. Only the loop's own thread uses it.
    private int failuresInARow;

    Loop(Loops loops, String name, String of, Turn turn, Runnable last) {
        this.loops = loops;
        this.name = name;
        this.shown = of.isEmpty() ? name : name + " " + of;
        this.turn = turn;
        this.last = last;
    }

    /** Takes the first turn, on a thread of its own. */
    public synchronized void start() {
        if (thread != null || closed) {
            throw new IllegalStateException("loop " + shown + " was started or closed before");
        }
        due = loops.now();
        loops.started(this);
        thread = Thread.ofVirtual().name(shown).start(this::run);
    }

    /** Lets the next turn come at once. */
    public void wake() {
        wakeUps.release();
    }

    /** Says, from within a long turn, that it still makes progress. */
    public void goesOn() {
        due = loops.now();
    }

    /** Interrupts the present turn; no other one follows. */
    @Override
    public synchronized void close() {
        closed = true;
        if (thread != null) {
            thread.interrupt();
        }
        loops.ended(this);
    }

    String name() {
        return name;
    }

    /** The time for which a turn has been due or under way without a sign; not negative. */
    Duration overdue() {
        return Duration.ofNanos(Math.max(0, loops.now() - due));
    }

    private void run() {
        while (!closed) {
            Duration pause = turn();
            due = loops.now() + pause.toNanos();
            sleep(pause);
        }
        last.run();
    }

    private void sleep(Duration pause) {
        try {
            if (wakeUps.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                wakeUps.drainPermits();
                due = loops.now();
            }
        } catch (InterruptedException e) {
            // either it is closed, or the turn has left its thread interrupted, which does not end
            // the loop
        }
    }

    /**
     * Errors count as well: a turn that overflowed the stack may be fine the next time. If the heap
     * is full, the JVM has ended before anybody could catch the error.
     */
    private Duration turn() {
        try {
            Duration pause = turn.take();
            if (failuresInARow > 0) {
                LOG.info("{} goes on after {} failures", shown, failuresInARow);
                failuresInARow = 0;
            }
            return pause;
        } catch (Throwable e) {
            if (closed) {
                return Duration.ZERO;
            }
            return failed(e);
        }
    }

    private Duration failed(Throwable failure) {
        loops.failed(name);
        int doublings = Math.min(failuresInARow++, 10);
        Duration pause = FIRST_PAUSE.multipliedBy(1L << doublings);
        if (pause.compareTo(LONGEST_PAUSE) > 0) {
            pause = LONGEST_PAUSE;
        }
        if (failuresInARow == 1) {
            LOG.error("{} failed, and goes on", shown, failure);
        } else if (failuresInARow % FAILURES_BETWEEN_LINES == 0) {
            LOG.warn("{} has failed {} times: {}", shown, failuresInARow, failure.toString());
        }
        return pause;
    }
}
