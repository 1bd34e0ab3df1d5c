package dev.weft.gateway.queue;

import dev.weft.access.holder.Priority;
import dev.weft.protocol.error.ApiException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for a worker of one base. Their number and bytes are bounded: beyond that,
 * one of lower priority goes for a newcomer, or one of a tenant that has more than its share, or
 * the newcomer is refused. Any thread; no call waits for another request.
 */
public final class BaseQueue {
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);

    private final String base;
    private final long maxWaitNanos;
    private final IntSupplier room;
    private final LongSupplier nanos;
    private final QueueMetrics.OfBase metrics;

    // Guarded by this.
    private final Lanes lanes;
    private final Occupancy occupancy;
    private final SequencedSet<Place> byAge = new LinkedHashSet<>();
    private int admitted;

    private volatile int waiting;
    private volatile long waitingBytes;
    private volatile long lastWaitNanos;

    /**
     * An empty queue.
     *
     * @param base its name
     * @param room how many requests its workers could take now; asked under this queue's lock
     * @param weights shares of tenants, 1 or more
     * @param nanos a time in nanoseconds, of which only differences count
     */
    BaseQueue(
            String base,
            Bounds bounds,
            ToIntFunction<String> weights,
            IntSupplier room,
            LongSupplier nanos,
            QueueMetrics metrics) {
        this.base = base;
        this.maxWaitNanos = bounds.maxWait.toNanos();
        this.room = room;
        this.nanos = nanos;
        this.lanes = new Lanes(weights);
        this.occupancy = new Occupancy(bounds.maxRequests, bounds.maxBytes, weights);
        this.metrics = metrics.of(base, this);
    }

    /** What may wait. */
    record Bounds(int maxRequests, long maxBytes, Duration maxWait) {}

    /** True if nobody waits: who finds a worker with room need not queue. Reads one field. */
    public boolean isEmpty() {
        return waiting == 0;
    }

    /** The number of requests that wait. */
    int waiting() {
        return waiting;
    }

    /** The bytes that these have. */
    long waitingBytes() {
        return waitingBytes;
    }

    /**
     * When a request that is refused now may come again: what the last one to get a worker had
     * waited, 1 s to 1 min.
     */
    public Duration retryAfter() {
        Duration waited = Duration.ofNanos(lastWaitNanos);
        return Duration.ofSeconds(
                Math.clamp(waited.plusMillis(999).toSeconds(), 1, LONGEST_RETRY.toSeconds()));
    }

    /**
     * Takes a place, which the caller must close.
     *
     * @throws ApiException if there is none; 429 if the tenant has more than its share, else 503
     */
    public Place enter(Newcomer who) {
        Map<Place, Shed> shed = new LinkedHashMap<>();
        Place place = new Place(this, who, nanos.getAsLong());
        Shed refused;
        synchronized (this) {
            refused = makeRoom(who, shed);
            if (refused == null) {
                lanes.add(place);
                occupancy.add(who);
                byAge.add(place);
            }
            tell();
        }
        if (refused != null) {
            throw error(refused);
        }
        shed.forEach(this::fail);
        return place;
    }

    /** A worker has answered a request of this gateway. Reads one field if nobody waits. */
    public void roomMayHaveCome() {
        if (waiting != 0) {
            admit();
        }
    }

    /** Lets as many requests go as workers have room for. */
    void admit() {
        List<Place> going = new ArrayList<>();
        synchronized (this) {
            int free = lanes.size() == 0 ? 0 : room.getAsInt() - admitted;
            for (Place next; free > 0 && (next = lanes.next()) != null; free--) {
                forget(next);
                next.state = Place.State.ADMITTED;
                admitted++;
                lastWaitNanos = nanos.getAsLong() - next.since();
                going.add(next);
            }
            tell();
        }
        going.forEach(place -> place.admitted().complete(null));
    }

    /** Ends requests that have waited for too long. */
    void expire() {
        List<Place> late = new ArrayList<>();
        synchronized (this) {
            long now = nanos.getAsLong();
            while (!byAge.isEmpty() && now - byAge.getFirst().since() >= maxWaitNanos) {
                late.add(byAge.getFirst());
                drop(byAge.getFirst());
            }
            tell();
        }
        late.forEach(place -> fail(place, Shed.TIMEOUT));
    }

    /** The place is not needed any more. */
    synchronized void leave(Place place) {
        switch (place.state) {
            case WAITING -> drop(place);
            case ADMITTED -> {
                admitted--;
                place.state = Place.State.GONE;
            }
            case GONE -> {}
        }
        tell();
    }

    /** Drops who has to go for a newcomer; if it is refused after all, everybody stays. */
    private @Nullable Shed makeRoom(Newcomer who, Map<Place, Shed> shed) {
        List<Place> dropped = new ArrayList<>();
        while (!occupancy.fits(who)) {
            Place lower = lower(who.priority());
            Place victim = lower == null ? overShare(who) : lower;
            if (victim == null) {
                dropped.reversed().forEach(this::putBack);
                shed.clear();
                boolean itsOwn = occupancy.isOverShare(who) && !occupancy.isAlone(who);
                return itsOwn ? Shed.SHARE : Shed.FULL;
            }
            lanes.remove(victim);
            occupancy.remove(victim.who());
            dropped.add(victim);
            shed.put(victim, lower == null ? Shed.SHARE : Shed.PRIORITY);
        }
        dropped.forEach(place -> {
            byAge.remove(place);
            place.state = Place.State.GONE;
        });
        return null;
    }

    private @Nullable Place lower(Priority than) {
        for (Priority lane : Priority.values()) {
            Place newest = lane.compareTo(than) < 0 ? lanes.newest(lane) : null;
            if (newest != null) {
                return newest;
            }
        }
        return null;
    }

    private @Nullable Place overShare(Newcomer who) {
        String tenant = occupancy.isOverShare(who) ? null : occupancy.furthestOver(who);
        return tenant == null ? null : lanes.newestOf(tenant, who.priority());
    }

    /** It was its tenant's newest, and is again. */
    private void putBack(Place place) {
        lanes.add(place);
        occupancy.add(place.who());
    }

    private void drop(Place place) {
        lanes.remove(place);
        forget(place);
        place.state = Place.State.GONE;
    }

    private void forget(Place place) {
        occupancy.remove(place.who());
        byAge.remove(place);
    }

    private void tell() {
        waiting = occupancy.requests();
        waitingBytes = occupancy.bytes();
    }

    private void fail(Place place, Shed why) {
        place.admitted().completeExceptionally(error(why));
    }

    private ApiException error(Shed why) {
        metrics.shed(why);
        return why.error(base);
    }
}
