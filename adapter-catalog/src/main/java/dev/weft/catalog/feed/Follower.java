package dev.weft.catalog.feed;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;

/**
 * One follower. It gets events from the moment the hub knows it, but holds them back until its
 * start (a snapshot, or the events it missed) has been sent. Nothing is sent twice and nothing is
 * left out. Messages wait until the connection takes them.
 */
final class Follower {
    private static final FeedMessage ALIVE = new FeedMessage.Alive();

    private record Waiting(long sequence, long since) {}

    private final String name;
    private final FeedListener listener;
    private final LongSupplier nanos;
    private final ArrayDeque<FeedEvent> early = new ArrayDeque<>();
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private boolean primed;
    private long last;

    /**
     * @param name the follower's own name
     * @param nanos a time in nanoseconds, of which only differences count
     */
    Follower(String name, FeedListener listener, LongSupplier nanos) {
        this.name = name;
        this.listener = listener;
        this.nanos = nanos;
    }

    String name() {
        return name;
    }

    /** Sends the snapshot, then the events that came meanwhile. */
    synchronized void start(Snapshot snapshot) {
        last = snapshot.sequence();
        tell(new FeedMessage.Everything(snapshot));
        catchUp();
    }

    /** Sends the events that it missed since {@code after}, then those that came meanwhile. */
    synchronized void resume(long after, List<FeedEvent> missed) {
        last = after;
        missed.forEach(this::say);
        listener.say(ALIVE); // sends the answer's head even if there was no event
        catchUp();
    }

    private void catchUp() {
        primed = true;
        early.forEach(this::say);
        early.clear();
    }

    synchronized void offer(FeedEvent event) {
        if (primed) {
            say(event);
        } else {
            early.add(event);
        }
    }

    synchronized void heartbeat() {
        if (primed) {
            listener.say(ALIVE);
        }
    }

    synchronized void end() {
        listener.end();
    }

    /** The connection has taken the event, and those before it. Safe for any thread. */
    void sent(long sequence) {
        waiting.removeIf(event -> event.sequence <= sequence);
    }

    /** The number of events that wait for the connection. */
    int lag() {
        return waiting.size();
    }

    /** How long the oldest of them has waited; zero if none waits. */
    Duration lagTime() {
        Waiting oldest = waiting.peek();
        return oldest == null ? Duration.ZERO : Duration.ofNanos(nanos.getAsLong() - oldest.since);
    }

    private void say(FeedEvent event) {
        if (event.sequence() > last) {
            last = event.sequence();
            tell(new FeedMessage.Change(event));
        }
    }

    private void tell(FeedMessage message) {
        message.sequence()
                .ifPresent(sequence -> waiting.add(new Waiting(sequence, nanos.getAsLong())));
        listener.say(message);
    }
}
