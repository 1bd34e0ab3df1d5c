package dev.weft.gateway.queue;

import dev.weft.access.holder.Priority;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Waiting requests, a lane for each priority. Higher lanes go first, but no lane with a request
 * that may go is passed over more than {@link #MOST_PASSED} times in a row, or one more if two are
 * due at once. For one thread at a time.
 */
final class PriorityLanes {
    /** So lower priorities get a ninth of what comes free, however many higher ones wait. */
    static final int MOST_PASSED = 8;

    private static final class Lane {
        final WeightedTurns turns;
        int passed;

        Lane(ToIntFunction<String> weights) {
            turns = new WeightedTurns(weights);
        }
    }

    /** The lowest first. */
    private final Map<Priority, Lane> lanes = new EnumMap<>(Priority.class);

    private int size;

    PriorityLanes(ToIntFunction<String> weights) {
        for (Priority priority : Priority.values()) {
            lanes.put(priority, new Lane(weights));
        }
    }

    int size() {
        return size;
    }

    void add(QueuePlace place) {
        lane(place.who().priority()).turns.add(place);
        size++;
    }

    boolean remove(QueuePlace place) {
        boolean removed = setAside(place);
        settle(place);
        return removed;
    }

    /** Takes a request out as {@link WeightedTurns#setAside}; its lane's turn is kept too. */
    boolean setAside(QueuePlace place) {
        if (!lane(place.who().priority()).turns.setAside(place)) {
            return false;
        }
        size--;
        return true;
    }

    /** A request that was set aside does not come back. */
    void settle(QueuePlace place) {
        Lane lane = lane(place.who().priority());
        lane.turns.settle(place);
        if (lane.turns.isEmpty()) {
            lane.passed = 0;
        }
    }

    /**
     * Takes the request that goes next; null if none may go.
     *
     * @param open whether requests for a path may go
     */
    @Nullable QueuePlace next(Predicate<String> open) {
        Map<Lane, QueuePlace> firsts = firsts(open);
        Lane chosen = null;
        for (Lane lane : firsts.keySet()) {
            boolean due = chosen != null && chosen.passed >= Math.max(MOST_PASSED, lane.passed);
            if (!due) {
                chosen = lane;
            }
        }
        QueuePlace next = chosen == null ? null : firsts.remove(chosen);
        if (chosen == null || next == null) {
            return null;
        }
        chosen.turns.goes(next);
        size--;
        chosen.passed = 0;
        firsts.keySet().forEach(lane -> lane.passed++);
        return next;
    }

    /** The lanes from which a request may go, the lowest first, with that request. */
    private Map<Lane, QueuePlace> firsts(Predicate<String> open) {
        Map<Lane, QueuePlace> firsts = new LinkedHashMap<>();
        for (Lane lane : lanes.values()) {
            QueuePlace first = lane.turns.first(open);
            if (first != null) {
                firsts.put(lane, first);
            }
        }
        return firsts;
    }

    /** The newest request of a lane, of the tenant that has the most there; null if none waits. */
    @Nullable QueuePlace newest(Priority lane) {
        return lane(lane).turns.longest();
    }

    /** A tenant's newest request of the lowest priority that it has, up to one; null if none. */
    @Nullable QueuePlace newestOf(String tenant, Priority highest) {
        for (Priority lane : Priority.values()) {
            boolean mayGo = lane.compareTo(highest) <= 0;
            QueuePlace newest = mayGo ? lane(lane).turns.newestOf(tenant) : null;
            if (newest != null) {
                return newest;
            }
        }
        return null;
    }

    private Lane lane(Priority priority) {
        return Objects.requireNonNull(lanes.get(priority));
    }
}
