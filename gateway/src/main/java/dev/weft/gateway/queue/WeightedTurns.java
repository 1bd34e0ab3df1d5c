package dev.weft.gateway.queue;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Waiting requests of one priority. Tenants take turns, each with as many requests as its weight;
 * those of one tenant go in the order in which they came. So the request in place k of its tenant's
 * line goes after at most {@code ceil(k / weight)} rounds, whatever others have waiting. Requests
 * for a path that no worker has room for are passed over, and keep their places. Every call takes
 * the same time however many wait, but {@link #longest()} looks at all tenants, and {@link #first}
 * at those that it passes over. For one thread at a time.
 */
final class WeightedTurns {
    private static final class Line {
        final SequencedSet<QueuePlace> places = new LinkedHashSet<>();
        int left;

        Line(int left) {
            this.left = left;
        }
    }

    private final ToIntFunction<String> weights;

    /**
     * The lines of the tenants; the first one has its turn. A line is empty only if all its
     * requests are set aside.
     */
    private final SequencedMap<String, Line> tenants = new LinkedHashMap<>();

    /** How many wait for each path; none is 0. */
    private final Map<String, Integer> paths = new HashMap<>();

    WeightedTurns(ToIntFunction<String> weights) {
        this.weights = weights;
    }

    boolean isEmpty() {
        return tenants.isEmpty();
    }

    /** Adds a request behind its tenant's others. */
    void add(QueuePlace place) {
        String tenant = place.who().tenant();
        tenants.computeIfAbsent(tenant, _ -> new Line(weights.applyAsInt(tenant)))
                .places
                .add(place);
        paths.merge(place.who().path(), 1, Integer::sum);
    }

    /** Removes a request, wherever it stands; false if it isn't here. */
    boolean remove(QueuePlace place) {
        boolean removed = setAside(place);
        settle(place);
        return removed;
    }

    /**
     * Takes a request out, and keeps its tenant's turn until {@link #settle}; false if it isn't
     * here. Until then, adding the requests that were set aside, the last one first, restores
     * everything, if each was its tenant's newest.
     */
    boolean setAside(QueuePlace place) {
        Line line = tenants.get(place.who().tenant());
        if (line == null || !line.places.remove(place)) {
            return false;
        }
        paths.computeIfPresent(
                place.who().path(), (_, waiting) -> waiting == 1 ? null : waiting - 1);
        return true;
    }

    /** A request that was set aside does not come back. */
    void settle(QueuePlace place) {
        String tenant = place.who().tenant();
        Line line = tenants.get(tenant);
        if (line != null && line.places.isEmpty()) {
            tenants.remove(tenant);
        }
    }

    /**
     * The request whose turn it is; null if none may go.
     *
     * @param open whether requests for a path may go
     */
    @Nullable QueuePlace first(Predicate<String> open) {
        if (paths.keySet().stream().noneMatch(open)) {
            return null;
        }
        for (Line line : tenants.values()) {
            for (QueuePlace place : line.places) {
                if (open.test(place.who().path())) {
                    return place;
                }
            }
        }
        return null;
    }

    /** Removes a request whose turn it was. */
    void goes(QueuePlace place) {
        String tenant = place.who().tenant();
        Line line = tenants.get(tenant);
        if (line == null || !remove(place)) {
            throw new IllegalStateException(place.who() + " is not here");
        }
        line.left--;
        if (line.left == 0 && !line.places.isEmpty()) {
            line.left = weights.applyAsInt(tenant);
            tenants.putLast(tenant, line);
        }
    }

    /** The newest request of a tenant; null if it has none. */
    @Nullable QueuePlace newestOf(String tenant) {
        Line line = tenants.get(tenant);
        return line == null || line.places.isEmpty() ? null : line.places.getLast();
    }

    /** The newest request of the tenant that has the most; null if none waits. */
    @Nullable QueuePlace longest() {
        Line most = null;
        for (Line line : tenants.values()) {
            if (most == null || line.places.size() > most.places.size()) {
                most = line;
            }
        }
        return most == null || most.places.isEmpty() ? null : most.places.getLast();
    }
}
