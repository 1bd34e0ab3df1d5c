package dev.weft.catalog.feed;

import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log of events and tells every follower, in a loop of its own and whenever somebody
 * begins to follow. It looks when {@link #changed()} is called, and each second on its own, since
 * another catalog may write to the same database. Followers are told without blocking.
 */
public final class FeedHub implements AutoCloseable {
    /** Longest silence on a line. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(FeedHub.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int BATCH = 500;

    private final ChangeLog log;
    private final Clock clock;
    private final FeedMetrics metrics;
    private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
    private final Loop loop;

    /** When followers are told next that the line is alive; of the loop. */
    private Instant heartbeat;

    /** Held while the log is read on; guards {@link #names}. */
    private final ReentrantLock reading = new ReentrantLock();

    /** What followers were told up to now; null before it was read first. */
    private @Nullable CurrentNames names;

    private volatile boolean initialised;
    private volatile boolean closed;

    public FeedHub(ChangeLog log, Clock clock, FeedMetrics metrics, Loops loops) {
        this.log = log;
        this.clock = clock;
        this.metrics = metrics;
        this.heartbeat = clock.instant().plus(HEARTBEAT);
        this.loop = loops.loop("feed", this::read);
    }

    /** Starts reading. */
    public void start() {
        loop.start();
    }

    /** There may be new events; returns at once. */
    public void changed() {
        loop.wake();
    }

    /** It knows all names, so that who comes now is told at once. */
    public boolean initialised() {
        return initialised;
    }

    /** Followers that are connected. */
    public int followers() {
        return followers.size();
    }

    /**
     * Adds a follower and says what it starts from: what came after {@code after} where the log
     * still has all of it, else a snapshot that holds everything that was committed before this
     * call. Blocks for the database.
     *
     * @param name what it calls itself
     * @param known told of it before it is told anything
     */
    Follower follow(
            String name, OptionalLong after, FeedListener listener, Consumer<Follower> known) {
        Follower follower = new Follower(name, listener, clock);
        known.accept(follower);
        followers.add(follower);
        try {
            if (after.isPresent() && log.canResumeAfter(after.getAsLong())) {
                readOn(); // it hears what is read from here on
                follower.resume(after.getAsLong(), all(after.getAsLong()));
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

    /** It has gone; it is told nothing more. */
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
        if (!clock.instant().isBefore(heartbeat)) {
            each(Follower::heartbeat);
            heartbeat = clock.instant().plus(HEARTBEAT);
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
                LOG.warn("no event follows {}: followers start anew", known.sequence());
                known = new CurrentNames(log.names());
                endAll();
            }
            names = known;
            initialised = true;
            metrics.at(known.sequence());
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

    /** False where the log does not go on after what is known, or not in a way known here. */
    private boolean tell(CurrentNames known) {
        List<FeedEvent> events;
        do {
            events = log.after(known.sequence(), BATCH);
            for (FeedEvent event : events) {
                if (!known.apply(event)) {
                    return false;
                }
                each(follower -> follower.offer(event));
            }
        } while (events.size() == BATCH);
        return true;
    }

    /** One that can't be told begins anew; the others are told all the same. */
    private void each(Consumer<Follower> tell) {
        for (Follower follower : List.copyOf(followers)) {
            try {
                tell.accept(follower);
            } catch (RuntimeException | Error e) {
                LOG.warn("a follower of the feed can't be told and is let go", e);
                followers.remove(follower);
                follower.end();
            }
        }
    }

    private void endAll() {
        followers.forEach(Follower::end);
        followers.clear();
    }

    /** Ends every line, so that followers connect again elsewhere or later. */
    @Override
    public void close() {
        closed = true;
        loop.close();
        endAll();
    }
}
