package dev.weft.inference.server.health;

import dev.weft.inference.engine.Engine;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices an engine that has requests and makes no step, or that does not even say how many it has
 * made. It looks every second, in a loop of its own; any thread may ask.
 */
public final class EngineWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineWatch.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** A longer time between two looks means that the whole process has not run. */
    private static final Duration ASLEEP = LOOK.multipliedBy(3);

    private final IntSupplier pending;
    private final LongSupplier made;
    private final Duration timeout;
    private final LongSupplier nanos;
    private final Loop loop;
    private final AtomicLong stalls = new AtomicLong();

    /** The time when the engine was last at rest, or last seen to have made a step. */
    private volatile long progress;

    // Only the loop's thread uses these.
    private long steps = -1;
    private long lookEnded;
    private boolean said;

    /**
     * Looks at nothing yet.
     *
     * @param timeout longest time without a step while there are requests
     */
    EngineWatch(Engine engine, Duration timeout, Loops loops) {
        this(engine::pending, engine::steps, timeout, loops, System::nanoTime);
    }

    /**
     * Looks at nothing yet, and reads the time from {@code nanos}.
     *
     * @param pending requests that the engine has
     * @param made steps so far
     * @param nanos a time in nanoseconds, of which only differences count
     */
    EngineWatch(
            IntSupplier pending,
            LongSupplier made,
            Duration timeout,
            Loops loops,
            LongSupplier nanos) {
        this.pending = pending;
        this.made = made;
        this.timeout = timeout;
        this.nanos = nanos;
        this.loop = loops.loop("engine-watch", this::turn);
        this.progress = nanos.getAsLong();
        this.lookEnded = progress;
    }

    /** Begins to look. */
    public void start() {
        loop.start();
    }

    /** How long the engine has made no step although it has requests; zero while all is well. */
    public Duration stalled() {
        Duration since = Duration.ofNanos(nanos.getAsLong() - progress);
        return since.compareTo(timeout) < 0 ? Duration.ZERO : since;
    }

    /** How many times the engine has stalled. */
    public long stalls() {
        return stalls.get();
    }

    private Duration turn() {
        look();
        return LOOK;
    }

    void look() {
        long begun = nanos.getAsLong();
        boolean slept = begun - lookEnded > ASLEEP.toNanos();
        int requests = pending.getAsInt();
        long now = made.getAsLong();
        if (requests == 0 || now != steps || slept) {
            steps = now;
            progress = nanos.getAsLong();
        }
        lookEnded = nanos.getAsLong();
        tell(requests);
    }

    private void tell(int requests) {
        boolean is = !stalled().isZero();
        if (is && !said) {
            stalls.incrementAndGet();
            LOG.error(
                    "the engine has made no step for {} s with {} requests: not ready",
                    timeout.toSeconds(),
                    requests);
        } else if (said && !is) {
            LOG.info("the engine makes steps again");
        }
        said = is;
    }

    @Override
    public void close() {
        loop.close();
    }
}
