package dev.weft.gateway.queue;

import dev.weft.access.holder.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait in one queue: those for a worker in a line, the others beside it. It
 * decides which request gets a worker next, and which has to make room. For one thread at a time.
 */
final class Crowd {
    /**
     * The bounds of what may wait.
     *
     * @param maxWait for a worker
     * @param adapterWait for an adapter
     */
    record Bounds(int maxRequests, long maxBytes, Duration maxWait, Duration adapterWait) {}

    /** Requests that wait for the same kind of thing. */
    private static final class Part {
        final PriorityLanes lanes;
        final SequencedSet<QueuePlace> byAge = new LinkedHashSet<>();
        final long maxWaitNanos;
        final Shed late;

        Part(ToIntFunction<String> weights, Duration maxWait, Shed late) {
            this.lanes = new PriorityLanes(weights);
            this.maxWaitNanos = maxWait.toNanos();
            this.late = late;
        }
    }

    private final Part line;
    private final Part beside;
    private final Occupancy occupancy;

    Crowd(Bounds bounds, ToIntFunction<String> weights) {
        line = new Part(weights, bounds.maxWait, Shed.TIMEOUT);
        beside = new Part(weights, bounds.adapterWait, Shed.ADAPTER);
        occupancy = new Occupancy(bounds.maxRequests, bounds.maxBytes, weights);
    }

    /** How many wait for a worker. */
    int inLine() {
        return line.lanes.size();
    }

    int requests() {
        return occupancy.requests();
    }

    long bytes() {
        return occupancy.bytes();
    }

    void add(QueuePlace place) {
        part(place).lanes.add(place);
        part(place).byAge.add(place);
        occupancy.add(place.who());
    }

    void remove(QueuePlace place) {
        part(place).lanes.remove(place);
        forget(place);
    }

    private void forget(QueuePlace place) {
        part(place).byAge.remove(place);
        occupancy.remove(place.who());
    }

    private Part part(QueuePlace place) {
        return place.isHeld() ? beside : line;
    }

    /**
     * Takes the request that is the next to get a worker; null if none may go.
     *
     * @param open whether a worker has room for a path
     */
    @Nullable QueuePlace next(Predicate<String> open) {
        QueuePlace next = line.lanes.next(open);
        if (next != null) {
            forget(next);
        }
        return next;
    }

    /** Takes the requests beside the line that have what they wait for. */
    List<QueuePlace> ready() {
        List<QueuePlace> ready = beside.byAge.stream().filter(QueuePlace::isReady).toList();
        ready.forEach(this::remove);
        return ready;
    }

    /** Takes the requests that have waited for too long. */
    Map<QueuePlace, Shed> late(long now) {
        Map<QueuePlace, Shed> late = new LinkedHashMap<>();
        for (Part part : List.of(line, beside)) {
            while (!part.byAge.isEmpty()
                    && now - part.byAge.getFirst().since() >= part.maxWaitNanos) {
                late.put(part.byAge.getFirst(), part.late);
                remove(part.byAge.getFirst());
            }
        }
        return late;
    }

    /**
     * Takes out the requests that have to go for a newcomer. If the newcomer is refused after all,
     * all of them stay and keep their turns.
     *
     * @param shed gets the requests that have to go
     * @return why the newcomer is refused; null if there is room for it
     */
    @Nullable Shed makeRoom(Newcomer who, Map<QueuePlace, Shed> shed) {
        List<QueuePlace> dropped = new ArrayList<>();
        while (!occupancy.fits(who)) {
            QueuePlace lower = lower(who.priority());
            QueuePlace victim = lower == null ? overShare(who) : lower;
            if (victim == null) {
                dropped.reversed().forEach(this::putBack);
                shed.clear();
                boolean itsOwn = occupancy.isOverShare(who) && !occupancy.isAlone(who);
                return itsOwn ? Shed.SHARE : Shed.FULL;
            }
            part(victim).lanes.setAside(victim);
            occupancy.remove(victim.who());
            dropped.add(victim);
            shed.put(victim, lower == null ? Shed.SHARE : Shed.PRIORITY);
        }
        dropped.forEach(place -> {
            part(place).lanes.settle(place);
            part(place).byAge.remove(place);
        });
        return null;
    }

    /** Puts a request back, which was its tenant's newest and is so again. */
    private void putBack(QueuePlace place) {
        part(place).lanes.add(place);
        occupancy.add(place.who());
    }

    private @Nullable QueuePlace lower(Priority than) {
        for (Priority lane : Priority.values()) {
            if (lane.compareTo(than) >= 0) {
                return null;
            }
            QueuePlace held = beside.lanes.newest(lane);
            QueuePlace newest = held == null ? line.lanes.newest(lane) : held;
            if (newest != null) {
                return newest;
            }
        }
        return null;
    }

    private @Nullable QueuePlace overShare(Newcomer who) {
        String tenant = occupancy.isOverShare(who) ? null : occupancy.furthestOver(who);
        if (tenant == null) {
            return null;
        }
        QueuePlace held = beside.lanes.newestOf(tenant, who.priority());
        return held == null ? line.lanes.newestOf(tenant, who.priority()) : held;
    }
}
