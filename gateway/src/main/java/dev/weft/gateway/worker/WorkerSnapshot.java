package dev.weft.gateway.worker;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.residency.Tier;
import dev.weft.protocol.worker.WorkerLoad;
import java.net.URI;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The known state of a worker at one moment.
 *
 * @param address without a path
 * @param ready its last probe said that it is ready, and no connection to it was refused since
 * @param bases base models it serves, by the last probe that found it ready: the name clients use,
 *     and the checkpoint behind it
 * @param inFlight requests of this gateway that it has
 * @param asked adapters that these requests use, at the moment of the call
 * @param told what it says of itself; null if it has said nothing yet, or never does
 * @param share the part of the requests that would come to it that it may have, 0 to 1; below 1 if
 *     requests failed there recently
 */
public record WorkerSnapshot(
        URI address,
        boolean ready,
        Map<String, String> bases,
        int inFlight,
        Set<AdapterDigest> asked,
        @Nullable ToldState told,
        double share) {
    /** The most gateways that are taken to share a worker. */
    private static final double MOST_GATEWAYS = 16;

    /** The time that a request is assumed to hold a row, at a worker that had none recently. */
    private static final double UNKNOWN_ROW_SECONDS = 2;

    public WorkerSnapshot {
        bases = Map.copyOf(bases);
        if (inFlight < 0) {
            throw new IllegalArgumentException("in flight " + inFlight + " of " + address);
        }
    }

    /** A worker that has told nothing. */
    public WorkerSnapshot(URI address, boolean ready, Map<String, String> bases, int inFlight) {
        this(address, ready, bases, inFlight, Set.of(), null, 1);
    }

    /** Returns this worker as if nothing had failed there. */
    WorkerSnapshot forgiven() {
        return share >= 1
                ? this
                : new WorkerSnapshot(address, ready, bases, inFlight, asked, told, 1);
    }

    /** Returns this worker with so many more requests of this gateway. */
    public WorkerSnapshot with(int more) {
        return more == 0
                ? this
                : new WorkerSnapshot(address, ready, bases, inFlight + more, asked, told, share);
    }

    /**
     * The worker's requests, of all gateways: those that it reported, plus those it got and minus
     * those it answered since. Other gateways are assumed to have acted like this one, each in its
     * share of what the worker reported.
     */
    public int requests() {
        return told == null || told.stale() ? inFlight : now(told, told.requests());
    }

    /**
     * The worker's requests, of which a waiting one with many choices counts once. This number
     * keeps the worker from taking other requests.
     */
    public int occupied() {
        return told == null || told.stale() ? inFlight : now(told, told.occupied());
    }

    /**
     * The number of requests that its engine computes at once; empty if it tells no state, or none
     * that says so.
     */
    public OptionalInt rows() {
        int rows = told == null ? 0 : told.state().load().rows();
        return rows == 0 ? OptionalInt.empty() : OptionalInt.of(rows);
    }

    private int now(ToldState state, int then) {
        int since = inFlight - state.inFlightThen();
        double gateways = Math.clamp((then + 1.0) / (state.inFlightThen() + 1.0), 1, MOST_GATEWAYS);
        return Math.max(inFlight, then + (int) Math.round(since * gateways));
    }

    /**
     * How long a request would wait for a row, in seconds: rows come free one after the other, each
     * after the time that requests hold one. 0 if a row is free. If a worker doesn't report its
     * rows and requests wait, its held rows count as all of its rows.
     */
    public double waitSeconds() {
        if (told == null || told.stale()) {
            return 0;
        }
        WorkerLoad load = told.state().load();
        if (rows().isEmpty() && load.waitingRequests() == 0) {
            return 0;
        }
        int rows = rows().orElse(Math.max(1, load.running()));
        int before = requests() - rows + 1;
        if (before <= 0) {
            return 0;
        }
        double held = load.rowSeconds() > 0 ? load.rowSeconds() : UNKNOWN_ROW_SECONDS;
        return before * held / rows;
    }

    /** Whether its engine serves a path of the API, as far as anybody knows. */
    public boolean serves(String path) {
        return told == null
                || path.isEmpty()
                || told.state().paths().isEmpty()
                || told.state().paths().contains(path);
    }

    /** Whether it has said that its engine serves a path of the API, or all of them. */
    public boolean saysItServes(String path) {
        return told != null && serves(path);
    }

    /** True if it has told its state, and nothing for too long since. */
    public boolean isStale() {
        return told != null && told.stale();
    }

    /** What a request for an adapter would find; a state that is stale counts as full. */
    public Residence residence(AdapterDigest adapter) {
        if (isStale()) {
            return Residence.EVICTS;
        }
        if (asked.contains(adapter)) {
            return Residence.IN_SLOT;
        }
        if (told == null) {
            return Residence.UNKNOWN;
        }
        Tier tier = told.state().held().get(adapter);
        if (tier == Tier.SLOT) {
            return Residence.IN_SLOT;
        }
        if (freeSlots(told) > 0) {
            return Residence.ROOM;
        }
        return tier == Tier.HOST ? Residence.IN_HOST : Residence.EVICTS;
    }

    /** Adapters that were asked for and aren't there yet take slots, too. */
    private int freeSlots(ToldState told) {
        if (told.freeSlots() == 0) {
            return 0;
        }
        long coming =
                asked.stream()
                        .filter(adapter -> told.state().held().get(adapter) != Tier.SLOT)
                        .count();
        return (int) (told.freeSlots() - coming);
    }
}
