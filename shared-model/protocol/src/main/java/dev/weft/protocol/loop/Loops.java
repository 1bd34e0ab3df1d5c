package dev.weft.protocol.loop;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** The background loops of a service, and the outcomes of their turns. Any thread. */
public final class Loops {
    private final LongSupplier nanos;
    private final ConcurrentMap<String, LongAdder> failures = new ConcurrentHashMap<>();
    private final Set<Loop> running = ConcurrentHashMap.newKeySet();

    public Loops() {
        this(System::nanoTime);
    }

    /**
     * Creates the loops on another clock.
     *
     * @param nanos a time in nanoseconds, of which only differences count
     */
    Loops(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * Creates a loop, which is not started yet.
     *
     * @param name for its metrics; several loops may share one
     */
    public Loop loop(String name, Turn turn) {
        return loop(name, "", turn, () -> {});
    }

    /**
     * Creates a loop that the log tells from others of its name; it is not started yet.
     *
     * @param of tells it from others of its name, in the log
     */
    public Loop loop(String name, String of, Turn turn) {
        return loop(name, of, turn, () -> {});
    }

    /**
     * Creates a loop that does something at its end; it is not started yet.
     *
     * @param last run by the loop's thread when it is closed, after the last turn
     */
    public Loop loop(String name, String of, Turn turn, Runnable last) {
        failures.putIfAbsent(name, new LongAdder());
        return new Loop(this, name, of, turn, last);
    }

    /** The number of failed turns, by name of the loop. */
    public Map<String, Long> failures() {
        Map<String, Long> counts = new TreeMap<>();
        failures.forEach((name, count) -> counts.put(name, count.sum()));
        return counts;
    }

    /**
     * The time for which each loop has not turned though a turn is due, by name; of several with
     * one name the longest.
     */
    public Map<String, Duration> overdue() {
        Map<String, Duration> ages = new TreeMap<>();
        failures.keySet().forEach(name -> ages.put(name, Duration.ZERO));
        for (Loop loop : running) {
            ages.merge(loop.name(), loop.overdue(), (a, b) -> a.compareTo(b) > 0 ? a : b);
        }
        return ages;
    }

    long now() {
        return nanos.getAsLong();
    }

    void started(Loop loop) {
        running.add(loop);
    }

    void ended(Loop loop) {
        running.remove(loop);
    }

    void failed(String name) {
        failures.computeIfAbsent(name, _ -> new LongAdder()).increment();
    }
}
