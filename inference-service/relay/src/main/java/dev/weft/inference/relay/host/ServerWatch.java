package dev.weft.inference.relay.host;

import dev.weft.inference.relay.call.ListedModels;
import dev.weft.inference.relay.call.ServerCalls;
import dev.weft.inference.relay.dialect.ServerReply;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks twice a second whether the server answers and still holds what it was told to. While it
 * doesn't, the worker is not ready. One loop; any thread may ask.
 */
public final class ServerWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServerWatch.class);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final ServerCalls calls;
    private final RelayHost host;
    private final EnginePulse pulse;
    private final Optional<String> health;
    private final Loop loop;
    private final Object changes = new Object();

    /** Why the server can't be used; empty if it can. */
    private volatile String trouble = "the server has not been looked at yet";

    /** The time since which the server can't be used; {@link System#nanoTime()}. */
    private volatile long since = System.nanoTime();

    private final AtomicLong times = new AtomicLong();

    // number of the look that began last and of the one that ended last; guarded by changes
    private long begun;
    private long ended;

    public ServerWatch(ServerCalls calls, RelayHost host, EnginePulse pulse, Loops loops) {
        this.calls = calls;
        this.host = host;
        this.pulse = pulse;
        this.health = host.dialect().health();
        this.loop = loops.loop("server-watch", this::turn);
    }

    /** Begins to look. */
    public void start() {
        loop.start();
    }

    /** Why the server can't be used; empty if it can. */
    public String trouble() {
        return trouble;
    }

    /** Looks at once, since somebody got no answer. */
    public void wake() {
        loop.wake();
    }

    /** How long the server has been unusable; zero while it can be used. */
    public Duration away() {
        return trouble.isEmpty() ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    /** How many times the server has become unusable. */
    public long timesAway() {
        return times.get();
    }

    /**
     * Has the server looked at anew, and waits until such a look finds that it can be used; false
     * if none does within the time. An earlier look does not count: the server may have gone since.
     */
    public boolean looksAgain(Duration patience) throws InterruptedException {
        return awaits(patience, () -> trouble.isEmpty());
    }

    /**
     * Has the server looked at anew; false if it can't be used, or no look ends within the time.
     */
    public boolean isWell(Duration patience) throws InterruptedException {
        return awaits(patience, () -> true) && trouble.isEmpty();
    }

    /** Waits until a look that begins later has ended and the condition holds. */
    private boolean awaits(Duration patience, BooleanSupplier condition)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        synchronized (changes) {
            long earlier = begun;
            wake();
            while (ended <= earlier || !condition.getAsBoolean()) {
                long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
                if (left <= 0) {
                    return false;
                }
                changes.wait(left);
            }
        }
        return true;
    }

    private Duration turn() throws InterruptedException {
        synchronized (changes) {
            begun++;
        }
        boolean wasWell = trouble.isEmpty();
        become(look());
        synchronized (changes) {
            ended = begun;
            changes.notifyAll();
        }
        host.sweep();
        return wasWell && !trouble.isEmpty() ? Duration.ZERO : LOOK;
    }

    private String look() throws InterruptedException {
        try {
            if (health.isPresent()) {
                ServerReply well = calls.get(health.get(), DEADLINE);
                if (!well.ok()) {
                    return health.get() + " answers " + well.quoted();
                }
            }
            ServerReply models = calls.get(ListedModels.PATH, DEADLINE);
            if (!models.ok()) {
                return "/v1/models answers " + models.quoted();
            }
            Optional<String> stillness = pulse.look();
            if (stillness.isPresent()) {
                // a server that hangs would answer no question about adapters either
                return stillness.get();
            }
            ServerAgreement.Seen seen =
                    trouble.isEmpty()
                            ? ServerAgreement.Seen.WELL
                            : ServerAgreement.Seen.AFTER_TROUBLE;
            return host.agreement()
                    .agree(ListedModels.read(models.text()), seen, loop::goesOn)
                    .orElse("");
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void become(String now) {
        if (trouble.isEmpty() && !now.isEmpty()) {
            since = System.nanoTime();
            times.incrementAndGet();
            LOG.error("the server at {} can't be used: not ready: {}", calls.address(), now);
        } else if (!trouble.isEmpty() && now.isEmpty()) {
            LOG.info("the server at {} is ready", calls.address());
        }
        host.goesAway(!now.isEmpty());
        synchronized (changes) {
            trouble = now;
            changes.notifyAll();
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}
