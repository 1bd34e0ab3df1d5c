package dev.weft.catalog.feed;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One follower. It hears events as they come from the moment it is known to the hub, but keeps them
 * back until what it starts from (a snapshot, or the events it missed) has been said; nothing is
 * said twice and nothing is left out. What was said waits until its line takes it.
 */
final class Follower {
    private static final FeedMessage ALIVE = new FeedMessage.Alive();

    private record Waiting(long sequence, Instant since) {}

    private final String name;
    private final FeedListener listener;
    private final Clock clock;
    private final ArrayDeque<FeedEvent> early = new ArrayDeque<>();
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private boolean primed;
    private long last;

    /**
     * @param name what it calls itself
     */
    Follower(String name, FeedListener listener, Clock clock) {
        this.name = name;
        this.listener = listener;
        this.clock = clock;
    }

    String name() {
        return name;
    }

    /** Says everything, then what came meanwhile. */
    synchronized void start(Snapshot snapshot) {
        last = snapshot.sequence();
        tell(new FeedMessage.Everything(snapshot));
        catchUp();
    }

    /** Says what it missed since {@code after}, then what came meanwhile. */
    synchronized void resume(long after, List<FeedEvent> missed) {
        last = after;
        missed.forEach(this::say);
        listener.say(ALIVE); // so that the answer's head goes out where there was nothing to say
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

    /** Its line has taken the event, and those before it. Any thread. */
    void sent(long sequence) {
        waiting.removeIf(event -> event.sequence <= sequence);
    }

    /** Events that wait for its line. */
    int lag() {
        return waiting.size();
    }

    /** How long the oldest of them has waited; zero where none does. */
    Duration lagTime() {
        Waiting oldest = waiting.peek();
        return oldest == null ? Duration.ZERO : Duration.between(oldest.since, clock.instant());
    }

    private void say(FeedEvent event) {
        if (event.sequence() > last) {
            last = event.sequence();
            tell(new FeedMessage.Change(event));
        }
    }

    private void tell(FeedMessage message) {
        message.sequence()
                .ifPresent(sequence -> waiting.add(new Waiting(sequence, clock.instant())));
        listener.say(message);
    }
}
