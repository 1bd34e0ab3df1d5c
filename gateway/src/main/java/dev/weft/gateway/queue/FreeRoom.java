package dev.weft.gateway.queue;

import dev.weft.gateway.worker.AskedPath;
import dev.weft.gateway.worker.Forgiveness;
import dev.weft.gateway.worker.WorkerSnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * The number of requests that the workers of a base could still take at one moment, by path. When a
 * request is let go, its worker is not chosen yet, so it takes a part of the room of each that may
 * get it. For one thread.
 */
final class FreeRoom {
    /** The least room for which a request is let go: it is rather there than taken by others. */
    private static final double LEAST = 0.5;

    private final String base;
    private final List<WorkerSnapshot> all;
    private final ToIntFunction<WorkerSnapshot> room;

    /** The room that each worker has for a path; 0 if it is full, or can't be asked for that. */
    private final Map<String, int[]> rooms = new HashMap<>();

    private final Map<String, Integer> taken = new HashMap<>();

    /** Whether there is room for a path, until more is taken. */
    private final Map<String, Boolean> known = new HashMap<>();

    /**
     * @param all workers that there are
     * @param room of one of them that may be asked, not above 0 if it is full
     */
    FreeRoom(String base, List<WorkerSnapshot> all, ToIntFunction<WorkerSnapshot> room) {
        this.base = base;
        this.all = all;
        this.room = room;
    }

    /** True if a worker that serves the path has room. */
    boolean has(String path) {
        return known.computeIfAbsent(path, asked -> left(asked) >= LEAST);
    }

    /** Notes that requests for the path go to workers. */
    void take(String path, int requests) {
        taken.merge(path, requests, Integer::sum);
        known.clear();
    }

    /**
     * The number of requests for the path that there is room for, in the mean over the workers that
     * the others may get.
     */
    double left(String path) {
        int[] mine = rooms(path);
        double left = IntStream.of(mine).asLongStream().sum();
        for (var each : taken.entrySet()) {
            left -= each.getValue() * part(mine, rooms(each.getKey()));
        }
        return left;
    }

    /** The part of the others' requests that go to workers with room for mine. */
    private static double part(int[] mine, int[] theirs) {
        long there = 0;
        long all = 0;
        for (int i = 0; i < mine.length; i++) {
            all += theirs[i];
            there += mine[i] > 0 ? theirs[i] : 0;
        }
        return all == 0 ? 0 : (double) there / all;
    }

    private int[] rooms(String path) {
        return rooms.computeIfAbsent(
                path,
                _ -> {
                    AskedPath asked = AskedPath.of(path).among(base, all);
                    return Forgiveness.among(base, asked, all).stream()
                            .mapToInt(worker -> room(worker, asked))
                            .toArray();
                });
    }

    private int room(WorkerSnapshot worker, AskedPath asked) {
        boolean may = worker.ready() && worker.bases().containsKey(base) && asked.suits(worker);
        return may ? Math.max(0, room.applyAsInt(worker)) : 0;
    }
}
