package dev.weft.gateway.queue;

import dev.weft.gateway.worker.AskedPath;
import dev.weft.gateway.worker.WorkerSnapshot;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many more requests the workers of a base could take at one moment, by the path that these ask
 * for. Which of its workers a request is given is not known when it is let go: each has lost a part
 * of its room by it. For one thread.
 */
final class FreeRoom {
    /** The least room that a request is let go for: it is rather there than taken by others. */
    private static final double LEAST = 0.5;

    private final String base;
    private final List<WorkerSnapshot> all;

    /** The room of each of them; 0 if it is full, or can't serve the base now. */
    private final int[] rooms;

    private final Map<String, BitSet> takers = new HashMap<>();
    private final Map<String, Integer> taken = new HashMap<>();

    /** Whether there is room for a path, until more is taken. */
    private final Map<String, Boolean> known = new HashMap<>();

    /**
     * @param all workers that there are
     * @param rooms of these, 0 or more
     */
    FreeRoom(String base, List<WorkerSnapshot> all, int[] rooms) {
        this.base = base;
        this.all = all;
        this.rooms = rooms;
    }

    /** True if a worker that serves the path has room. */
    boolean has(String path) {
        return known.computeIfAbsent(path, asked -> left(asked) >= LEAST);
    }

    /** Requests for the path go to workers. */
    void take(String path, int requests) {
        taken.merge(path, requests, Integer::sum);
        known.clear();
    }

    /**
     * How many requests for the path there is room for, in the mean of what may become of others.
     */
    double left(String path) {
        BitSet mine = takers(path);
        double left = sum(mine);
        for (var each : taken.entrySet()) {
            BitSet theirs = takers(each.getKey());
            BitSet both = (BitSet) mine.clone();
            both.and(theirs);
            left -= each.getValue() * part(both, theirs);
        }
        return left;
    }

    /** The part of requests that go to some of the workers with room that they may go to. */
    private double part(BitSet some, BitSet of) {
        long room = sum(of);
        return room == 0 ? 0 : (double) sum(some) / room;
    }

    /** The workers with room that may be asked for the path. */
    private BitSet takers(String path) {
        return takers.computeIfAbsent(
                path,
                _ -> {
                    AskedPath asked = AskedPath.of(path).among(base, all);
                    BitSet found = new BitSet(rooms.length);
                    for (int i = 0; i < rooms.length; i++) {
                        found.set(i, rooms[i] > 0 && asked.suits(all.get(i)));
                    }
                    return found;
                });
    }

    private long sum(BitSet workers) {
        return workers.stream().mapToLong(worker -> rooms[worker]).sum();
    }
}
