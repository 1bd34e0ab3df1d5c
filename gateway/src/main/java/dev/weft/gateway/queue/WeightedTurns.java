package dev.weft.gateway.queue;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Waiting requests of one priority. Tenants take turns, each with as many requests as its weight;
 * those of one tenant go in the order in which they came. So a request in place k of its tenant's
 * goes after at most {@code ceil(k / weight)} rounds, whatever others have waiting. Every call but
 * {@link #longest()} takes the same time however many wait. For one thread at a time.
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

    /** None is empty; the first has its turn. */
    private final SequencedMap<String, Line> tenants = new LinkedHashMap<>();

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
    }

    /** Removes a request, wherever it stands; false if it isn't here. */
    boolean remove(QueuePlace place) {
        String tenant = place.who().tenant();
        Line line = tenants.get(tenant);
        if (line == null || !line.places.remove(place)) {
            return false;
        }
        if (line.places.isEmpty()) {
            tenants.remove(tenant);
        }
        return true;
    }

    /** Takes the request whose turn it is; null if none waits. */
    @Nullable QueuePlace next() {
        var first = tenants.firstEntry();
        if (first == null) {
            return null;
        }
        Line line = first.getValue();
        QueuePlace place = line.places.removeFirst();
        line.left--;
        if (line.places.isEmpty()) {
            tenants.remove(first.getKey());
        } else if (line.left == 0) {
            line.left = weights.applyAsInt(first.getKey());
            tenants.remove(first.getKey());
            tenants.putLast(first.getKey(), line);
        }
        return place;
    }

    /** The newest request of a tenant; null if it has none. */
    @Nullable QueuePlace newestOf(String tenant) {
        Line line = tenants.get(tenant);
        return line == null ? null : line.places.getLast();
    }

    /** The newest request of the tenant that has the most; null if none waits. */
    @Nullable QueuePlace longest() {
        Line most = null;
        for (Line line : tenants.values()) {
            if (most == null || line.places.size() > most.places.size()) {
                most = line;
            }
        }
        return most == null ? null : most.places.getLast();
    }
}
