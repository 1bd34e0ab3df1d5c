package dev.weft.catalog.feed;

import dev.weft.catalog.registry.FeedEvent;
import java.util.ArrayDeque;
import java.util.List;

/**
 * One follower. It hears events as they come from the moment it is known to the hub, but keeps them
 * back until what it starts from (a snapshot, or the events it missed) has been said; nothing is
 * said twice and nothing is left out.
 */
final class Follower {
    private final FeedListener listener;
    private final ArrayDeque<FeedEvent> early = new ArrayDeque<>();
    private boolean primed;
    private long last;

    Follower(FeedListener listener) {
        this.listener = listener;
    }

    /** Says what it starts from, which ends at {@code position}, then what came meanwhile. */
    synchronized void prime(List<FeedEvent> start, long position) {
        last = position;
        primed = true;
        start.forEach(listener::event);
        listener.heartbeat(); // so that the answer's head goes out where there was nothing to say
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
            listener.heartbeat();
        }
    }

    synchronized void end() {
        listener.end();
    }

    private void say(FeedEvent event) {
        if (event.sequence() > last) {
            last = event.sequence();
            listener.event(event);
        }
    }
}
