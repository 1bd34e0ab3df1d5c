package dev.weft.gateway.simulation;

import java.time.Duration;
import java.util.PriorityQueue;

/** Time that goes from one event to the next. One thread. */
final class Clockwork {
    private record Event(double at, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Double.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private double now;
    private long count;

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** Seconds since the start. */
    double now() {
        return now;
    }

    /** Events of one moment come in the order in which they were planned. */
    void at(double seconds, Runnable action) {
        events.add(new Event(Math.max(seconds, now), count++, action));
    }

    void after(double seconds, Runnable action) {
        at(now + seconds, action);
    }

    /** Goes to the next event; false if there is none. */
    boolean next() {
        Event event = events.poll();
        if (event == null) {
            return false;
        }
        now = event.at;
        event.action.run();
        return true;
    }
}
