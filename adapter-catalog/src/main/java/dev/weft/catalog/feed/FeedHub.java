package dev.weft.catalog.feed;

import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log of events and tells every follower, in its own loop and whenever a follower comes.
 * It reads when {@link #changed()} is called, and twice a second anyway, since another catalog may
 * write to the same database, and keys that change there are known everywhere within a second.
 * Telling a follower never blocks.
 */
public final class FeedHub implements AutoCloseable {
    /** The longest silence on a connection. */
    static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(FeedHub.class);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int BATCH = 500;

    private final ChangeLog log;
    private final LongSupplier nanos;
    private final FeedMetrics metrics;
    private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
    private final Loop loop;

    /** The time of the last heartbeat to followers. Only the loop uses it. */
    private long heartbeat;

    /** This lock is held while the log is read; it guards {@link #names}. */
    private final ReentrantLock reading = new ReentrantLock();

    /** The names that followers have been told; null before the first read. */
    private @Nullable CurrentNames names;

    private volatile boolean initialised;
    private volatile boolean closed;

    /**
     * Reads nothing yet.
     *
     * @param nanos a time in nanoseconds, of which only differences count
     */
    FeedHub(ChangeLog log, LongSupplier nanos, FeedMetrics metrics, Loops loops) {
        this.log = log;
        this.nanos = nanos;
        this.metrics = metrics;
        this.heartbeat = nanos.getAsLong();
        this.loop = loops.loop("feed", this::read);
    }

    /** Starts reading. */
    void start() {
        loop.start();
    }

    /** Wakes the loop, since there may be new events; returns at once. */
    public void changed() {
        loop.wake();
    }

    /** True if it knows all names, so that a new follower is told at once. */
    boolean initialised() {
        return initialised;
    }

    /** Followers that are connected. */
    int followers() {
        return followers.size();
    }

    /**
     * Adds a follower and sends it the events after {@code after} if the log still has that event
     * and all later ones, else a snapshot with everything that was committed before this call.
     * Blocks for the database.
     *
     * @param name the follower's own name
     * @param known gets the follower before the follower is told anything
     */
    Follower follow(
            String name,
            Optional<FeedPlace> after,
            FeedListener listener,
            Consumer<Follower> known) {
        Follower follower = new Follower(name, listener, nanos);
        known.accept(follower);
        followers.add(follower);
        try {
            if (after.isPresent() && log.canResumeAfter(after.get())) {
                long seen = after.get().sequence();
                readOn(); // the follower gets the events that are read from here on
                follower.resume(seen, all(seen));
            } else {
                follower.start(snapshot());
            }
        } catch (RuntimeException | Error e) {
            followers.remove(follower);
            throw e;
        }
        metrics.follow(followers);
        if (closed) {
            follower.end();
        }
        return follower;
    }

    /** Removes a follower that has gone. */
    void leave(Follower follower) {
        followers.remove(follower);
        metrics.follow(followers);
    }

    private List<FeedEvent> all(long after) {
        List<FeedEvent> events = new ArrayList<>(log.after(after, BATCH));
        for (List<FeedEvent> next = events; next.size() == BATCH; events.addAll(next)) {
            next = log.after(next.getLast().sequence(), BATCH);
        }
        return events;
    }

    private Duration read() {
        readOn();
        long now = nanos.getAsLong();
        if (now - heartbeat >= HEARTBEAT.toNanos()) {
            each(Follower::heartbeat);
            heartbeat = now;
        }
        return LOOK;
    }

    private Snapshot snapshot() {
        lock();
        try {
            return readOn().snapshot();
        } finally {
            reading.unlock();
        }
    }

    /** Reads the log to its end and tells what is new. */
    private CurrentNames readOn() {
        lock();
        try {
            CurrentNames known = names;
            if (known == null) {
                known = new CurrentNames(log.names());
            } else if (!tell(known)) {
                LOG.warn(
                        "the log of changes does not go on after event {}: followers start"
                                + " again with a snapshot",
                        known.at().sequence());
                known = new CurrentNames(log.names());
                endAll();
            }
            names = known;
            initialised = true;
            metrics.at(known.at().sequence());
            return known;
        } finally {
            reading.unlock();
        }
    }

    private void lock() {
        try {
            if (!reading.tryLock(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        "the log of changes was not read within " + PATIENCE.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the log of changes", e);
        }
    }

    /**
     * Tells followers the events after {@code known}. False if the log has another event in place
     * of the last one of {@code known}, a gap after it, or an event that this catalog doesn't know.
     */
    private boolean tell(CurrentNames known) {
        List<FeedEvent> events;
        do {
            Optional<List<FeedEvent>> next = log.since(known.at(), BATCH);
            if (next.isEmpty()) {
                return false;
            }
            events = next.get();
            for (FeedEvent event : events) {
                if (!known.apply(event)) {
                    return false;
                }
                each(follower -> follower.offer(event));
            }
        } while (events.size() == BATCH);
        return true;
    }

    /** Tells each follower; one that can't be told starts again, and the others are still told. */
    private void each(Consumer<Follower> tell) {
        for (Follower follower : List.copyOf(followers)) {
            try {
                tell.accept(follower);
            } catch (RuntimeException | Error e) {
                LOG.warn("a follower of the feed can't be told of a change and is disconnected", e);
                followers.remove(follower);
                follower.end();
            }
        }
    }

    private void endAll() {
        followers.forEach(Follower::end);
        followers.clear();
    }

    /** Ends every connection, so that followers connect again elsewhere or later. */
    @Override
    public void close() {
        closed = true;
        loop.close();
        endAll();
    }
}
