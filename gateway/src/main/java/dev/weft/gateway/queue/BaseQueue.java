package dev.weft.gateway.queue;

import dev.weft.protocol.error.ApiException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * The requests that wait for a worker of one base, or for an adapter of it. Their number and bytes
 * are bounded. If there is no room for a newcomer, a request of lower priority has to go, or one of
 * a tenant that has more than its share; else the newcomer is refused. Any thread; no call waits
 * for another request.
 */
public final class BaseQueue {
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);

    private final String base;
    private final Supplier<FreeRoom> room;
    private final LongSupplier nanos;
    private final Consumer<Shed> shed;

    // Guarded by this.
    private final Crowd crowd;

    /** How many are on the way to a worker, by the path that they ask for; none is 0. */
    private final Map<String, Integer> admitted = new HashMap<>();

    private volatile int inLine;
    private volatile int waiting;
    private volatile long waitingBytes;
    private volatile long lastWaitNanos;

    /**
     * An empty queue.
     *
     * @param base its name
     * @param weights shares of tenants, 1 or more
     * @param room what its workers could take now; asked under this queue's lock
     * @param nanos a time in nanoseconds, of which only differences count
     */
    BaseQueue(
            String base,
            Crowd.Bounds bounds,
            ToIntFunction<String> weights,
            Supplier<FreeRoom> room,
            LongSupplier nanos,
            QueueMetrics metrics) {
        this.base = base;
        this.room = room;
        this.nanos = nanos;
        this.crowd = new Crowd(bounds, weights);
        this.shed = metrics.of(base, this);
    }

    /**
     * True if nobody waits for a worker: a request that finds one with room need not queue then.
     * Reads one field.
     */
    public boolean isEmpty() {
        return inLine == 0;
    }

    /** The number of requests that wait for a worker or for an adapter. */
    int waiting() {
        return waiting;
    }

    /** The bytes that the bodies of these requests have. */
    long waitingBytes() {
        return waitingBytes;
    }

    /**
     * The time after which a client may send a refused request again: as long as the last one that
     * got a worker had waited, 1 s to 1 min.
     */
    public Duration retryAfter() {
        Duration waited = Duration.ofNanos(lastWaitNanos);
        return Duration.ofSeconds(
                Math.clamp(waited.plusMillis(999).toSeconds(), 1, LONGEST_RETRY.toSeconds()));
    }

    /**
     * Takes a place in the line for a worker, which the caller must close.
     *
     * @throws ApiException if there is none; 429 if the tenant has more than its share, else 503
     */
    public QueuePlace enter(Newcomer who) {
        return enter(new QueuePlace(this, who, nanos.getAsLong(), null));
    }

    /**
     * Takes a place beside the line, until a condition is true; the caller must close it.
     *
     * @param condition asked again and again under this queue's lock; must answer at once
     * @throws ApiException as {@link #enter}
     */
    QueuePlace hold(Newcomer who, BooleanSupplier condition) {
        return enter(new QueuePlace(this, who, nanos.getAsLong(), condition));
    }

    private QueuePlace enter(QueuePlace place) {
        Map<QueuePlace, Shed> going = new LinkedHashMap<>();
        Shed refused;
        synchronized (this) {
            refused = crowd.makeRoom(place.who(), going);
            if (refused == null) {
                crowd.add(place);
            }
            changed(going.keySet(), QueuePlace.State.GONE);
        }
        if (refused != null) {
            throw error(refused);
        }
        going.forEach(this::fail);
        return place;
    }

    /** A worker has answered a request of this gateway. Reads one field if nobody waits. */
    public void roomMayHaveCome() {
        if (inLine != 0) {
            admit();
        }
    }

    /** Lets as many requests go as workers have room for. */
    void admit() {
        List<QueuePlace> going = new ArrayList<>();
        synchronized (this) {
            if (crowd.inLine() > 0) {
                FreeRoom free = room.get();
                admitted.forEach(free::take);
                for (QueuePlace next; (next = crowd.next(free::has)) != null; ) {
                    String path = next.who().path();
                    free.take(path, 1);
                    admitted.merge(path, 1, Integer::sum);
                    lastWaitNanos = nanos.getAsLong() - next.since();
                    going.add(next);
                }
            }
            changed(going, QueuePlace.State.ADMITTED);
        }
        going.forEach(place -> place.admitted().complete(null));
    }

    /** Lets requests go that have what they wait for, and ends those that waited for too long. */
    void look() {
        List<QueuePlace> ready;
        Map<QueuePlace, Shed> late;
        synchronized (this) {
            ready = crowd.ready();
            late = crowd.late(nanos.getAsLong());
            changed(ready, QueuePlace.State.GONE);
            changed(late.keySet(), QueuePlace.State.GONE);
        }
        ready.forEach(place -> place.admitted().complete(null));
        late.forEach(this::fail);
    }

    /** The place is not needed any more. */
    synchronized void leave(QueuePlace place) {
        switch (place.state) {
            case WAITING -> crowd.remove(place);
            case ADMITTED ->
                    admitted.computeIfPresent(
                            place.who().path(), (_, count) -> count == 1 ? null : count - 1);
            case GONE -> {}
        }
        changed(List.of(place), QueuePlace.State.GONE);
    }

    /** Must be called under the lock. */
    private void changed(Iterable<QueuePlace> places, QueuePlace.State to) {
        places.forEach(place -> place.state = to);
        inLine = crowd.inLine();
        waiting = crowd.requests();
        waitingBytes = crowd.bytes();
    }

    private void fail(QueuePlace place, Shed why) {
        place.admitted().completeExceptionally(error(why));
    }

    private ApiException error(Shed why) {
        shed.accept(why);
        return why.error(base);
    }
}
