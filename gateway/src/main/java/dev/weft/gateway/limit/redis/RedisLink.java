package dev.weft.gateway.limit.redis;

import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows whether Redis answers in time, so that requests don't wait for it while it does not. A
 * loop announces this gateway twice a second, learns how many gateways there are, keeps the leases
 * of streams, has settlements sent, and makes new connections. After a few requests in a row
 * without an answer, or one announcement without one, requests go by estimate. After two
 * announcements that were answered in time, they ask Redis again. Any thread.
 */
final class RedisLink implements AutoCloseable {
    /** A gateway that is gone is counted for this time. */
    static final Duration SEEN = Duration.ofSeconds(10);

    static final int MISSES = 3;
    private static final int ANSWERS = 2;

    /** Times that a lease is renewed before it would run out. */
    private static final int RENEWALS = 3;

    private static final Duration TURN = Duration.ofMillis(500);

    /** A connection without an answer for this time is given up for another one. */
    private static final Duration SILENCE = Duration.ofSeconds(3);

    private static final Duration FAREWELL = Duration.ofMillis(200);
    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);

    /**
     * The values of a link.
     *
     * @param gateway the name that this gateway announces; no other one has it
     * @param shown the address of Redis, for the log
     * @param deadline longest wait for an answer
     * @param lease time after which the streams of a gateway that is gone come free
     * @param nanos a time of which only differences count
     */
    record Setup(
            String gateway, String shown, Duration deadline, Duration lease, LongSupplier nanos) {}

    private enum State {
        STARTING,
        ANSWERS,
        AWAY
    }

    private final Store store;
    private final Setup setup;
    private final Leases leases;
    private final Settlements settlements;
    private final SharedMetrics metrics;
    private final Loop loop;
    private final AtomicInteger misses = new AtomicInteger();
    private volatile State state = State.STARTING;
    private volatile int gateways = 1;
    private volatile long returns;
    private volatile long heard;

    /** Announcements that were answered in time since Redis was lost. Under the lock. */
    private int answersInARow;

    // Only the loop's thread uses it.
    private long renewed;

    RedisLink(
            Store store,
            Setup setup,
            Leases leases,
            Settlements settlements,
            SharedMetrics metrics,
            Loops loops) {
        this.store = store;
        this.setup = setup;
        this.leases = leases;
        this.settlements = settlements;
        this.metrics = metrics;
        this.loop = loops.loop("shared-limits", this::turn);
    }

    void start() {
        heard = setup.nanos.getAsLong();
        loop.start();
    }

    /** True if requests are to ask Redis. */
    boolean answers() {
        return state == State.ANSWERS;
    }

    /** How often Redis was found, the first time among them. */
    long returns() {
        return returns;
    }

    /** How many gateways were last seen, this one among them. */
    int gateways() {
        return gateways;
    }

    /** A request had its answer in time. */
    void answered() {
        if (misses.get() != 0) {
            misses.set(0);
        }
    }

    /** A request had no answer in time. */
    void missed(Throwable failure) {
        if (misses.incrementAndGet() >= MISSES) {
            lost(why(failure));
        }
    }

    /** One turn of the loop. */
    Duration turn() throws InterruptedException {
        try {
            store.connect();
            CompletableFuture<Long> seen = store.announce(setup.gateway);
            CompletableFuture<?> _ = seen.thenRun(() -> heard = setup.nanos.getAsLong());
            long count = seen.get(setup.deadline.toNanos(), TimeUnit.NANOSECONDS);
            here(Math.clamp(count, 1, Integer.MAX_VALUE));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            lost(why(e));
            endSilence();
        }
        return TURN;
    }

    private void here(int count) {
        gateways = count;
        metrics.gateways(count);
        if (state == State.ANSWERS) {
            renewIfDue();
        } else if (isBack()) {
            // before the leases are listed, so that streams that end from now on are settled there
            found();
            // what Redis has lost, and streams that began by estimate
            renew(false);
        }
        // what ended while Redis was away, also if that was only noticed after Redis was found
        settlements.sendSome();
    }

    private void renewIfDue() {
        long since = setup.nanos.getAsLong() - renewed;
        if (since >= setup.lease.dividedBy(RENEWALS).toNanos()) {
            renew(since < setup.lease.toNanos());
        }
    }

    private void renew(boolean known) {
        renewed = setup.nanos.getAsLong();
        for (long key : leases.keys()) {
            List<String> running = leases.of(key);
            if (!running.isEmpty()) {
                CompletableFuture<?> _ = store.renew(key, running, known);
                if (!known) {
                    endAgain(key, running);
                }
            }
        }
    }

    /**
     * Streams that ended since their leases were listed may have been settled before the leases
     * were restored. Whatever ends after this look is settled after them.
     */
    private void endAgain(long key, List<String> restored) {
        Set<String> running = Set.copyOf(leases.of(key));
        List<String> ended = restored.stream().filter(lease -> !running.contains(lease)).toList();
        settlements.add(Settlement.of(key, ended));
    }

    private void endSilence() {
        long now = setup.nanos.getAsLong();
        if (now - heard > SILENCE.toNanos()) {
            heard = now;
            store.disconnect();
        }
    }

    private synchronized boolean isBack() {
        answersInARow++;
        return state == State.STARTING || answersInARow >= ANSWERS;
    }

    private synchronized void found() {
        boolean again = state == State.AWAY;
        misses.set(0);
        returns++;
        settlements.release(); // a claim that comes from now on goes behind what is owed
        state = State.ANSWERS;
        metrics.connected(true);
        LOG.info(
                "limits of keys are {} through Redis at {}; gateways there: {}",
                again ? "shared again" : "shared",
                setup.shown,
                gateways);
    }

    private synchronized void lost(String why) {
        answersInARow = 0;
        if (state == State.AWAY) {
            return;
        }
        state = State.AWAY;
        settlements.hold();
        metrics.connected(false);
        LOG.warn(
                "limits of keys go on by estimate, each of {} gateways with its share: Redis at {}"
                        + " {}",
                gateways,
                setup.shown,
                why);
    }

    private String why(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof TimeoutException
                ? "does not answer within " + setup.deadline.toMillis() + " ms"
                : "can't be asked: " + cause;
    }

    /** Ends the loop, and says to the other gateways that this one goes. */
    @Override
    public void close() {
        loop.close();
        if (answers()) {
            try {
                Object _ = store.leave(setup.gateway).get(FAREWELL.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                LOG.debug("the others will notice by themselves", e);
            }
        }
        store.close();
    }
}
