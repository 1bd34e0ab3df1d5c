package dev.weft.gateway.worker;

import dev.weft.gateway.worker.health.WorkerHealth;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.worker.WorkerState;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker: the findings of its probes, what the gateway's list says of it, and the requests that
 * this gateway gave it. One thread probes; any thread reads, counts, and reports refused
 * connections and bytes of answers. The pool lists it under its own lock.
 */
final class PooledWorker {
    private record Standing(ProbedState state, Map<String, String> bases) {
        boolean ready() {
            return state == ProbedState.READY;
        }
    }

    private record Told(ToldState state, ToldState later, long at) {}

    /** A worker tells its state every second. */
    private static final Duration STALE = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(PooledWorker.class);

    private final URI address;
    private final Duration silence;
    private final LongSupplier nanos;
    private final WorkerHealth health;
    private final Set<Lease> leases = ConcurrentHashMap.newKeySet();
    private final Map<AdapterDigest, Integer> asked = new ConcurrentHashMap<>();
    private final Set<AdapterDigest> askedNow = Collections.unmodifiableSet(asked.keySet());
    private volatile Standing standing = new Standing(ProbedState.UNREADY, Map.of());
    private volatile @Nullable Told told;
    private volatile ListingState listing = ListingState.LISTED;
    private volatile Runnable whenDone = () -> {};

    /** Why it was given up; empty if it was not, or has answered since. */
    private volatile String givenUp = "";

    /** The time when bytes of an answer last came. */
    private volatile long heard;

    // Only the probing thread uses these.
    private long answered;
    private @Nullable Long gone;
    private String lastTold = "";

    /**
     * Creates a worker that was not probed yet.
     *
     * @param silence after which it is given up
     * @param nanos a time in nanoseconds, of which only differences count
     */
    PooledWorker(URI address, Duration silence, LongSupplier nanos) {
        this.address = address;
        this.silence = silence;
        this.nanos = nanos;
        this.health = new WorkerHealth(address, nanos);
        this.heard = nanos.getAsLong() - silence.toNanos();
        this.answered = heard;
    }

    URI address() {
        return address;
    }

    ProbedState state() {
        ProbedState probed = standing.state;
        return probed == ProbedState.READY && listing != ListingState.LISTED
                ? ProbedState.DRAINING
                : probed;
    }

    boolean isProbedReady() {
        return standing.ready();
    }

    /** The base models that it serves, by its last probe; empty if that did not find it ready. */
    Map<String, String> served() {
        Standing now = standing;
        return now.ready() ? now.bases : Map.of();
    }

    WorkerSnapshot snapshot() {
        Standing now = standing;
        return new WorkerSnapshot(
                address,
                now.ready() && listing == ListingState.LISTED,
                now.bases,
                leases.size(),
                askedNow,
                told(),
                health.share());
    }

    /** Takes what the list says of the worker, which may have left the list before and be back. */
    void list(ListingState says) {
        listing = says;
    }

    /**
     * Takes it off the list.
     *
     * @param then run once it has no request, maybe at once, maybe several times
     */
    void leave(Runnable then) {
        whenDone = then;
        listing = ListingState.LEFT;
        endIfDone();
    }

    boolean hasLeft() {
        return listing == ListingState.LEFT;
    }

    /** True if it has left the list and has no request. */
    boolean isDone() {
        return hasLeft() && leases.isEmpty();
    }

    private void endIfDone() {
        if (isDone()) {
            whenDone.run();
        }
    }

    private @Nullable ToldState told() {
        Told last = told;
        if (last == null) {
            return null;
        }
        return age(last).compareTo(STALE) > 0 ? last.later : last.state;
    }

    /** How old the last state is that it told; empty if it has told none. */
    Optional<Duration> stateAge() {
        return Optional.ofNullable(told).map(this::age);
    }

    private Duration age(Told last) {
        return Duration.ofNanos(nanos.getAsLong() - last.at);
    }

    /** Takes a state that it tells. One that drains gets no more requests from now on. */
    void tells(WorkerState state) {
        ToldState now = ToldState.of(state, leases.size());
        told = new Told(now, now.old(), nanos.getAsLong());
        if (state.draining() && standing.ready()) {
            standing = new Standing(ProbedState.DRAINING, standing.bases);
        }
    }

    /**
     * Notes that the worker tells no states. If it told some before, it was replaced, and they
     * count no more.
     */
    void tellsNone() {
        told = null;
    }

    /**
     * Counts a request that the worker is given. The request is lost at once if the worker was
     * given up meanwhile.
     */
    void begin(Lease lease) {
        leases.add(lease);
        lease.adapter().ifPresent(adapter -> asked.merge(adapter, 1, Integer::sum));
        String why = givenUp;
        if (!why.isEmpty()) {
            lease.lose(why);
        }
    }

    /** Counts a request that has ended. */
    void end(Lease lease) {
        leases.remove(lease);
        lease.adapter()
                .ifPresent(adapter ->
                        asked.computeIfPresent(
                                adapter, (_, count) -> count == 1 ? null : count - 1));
        endIfDone();
    }

    /** Requests of this gateway by the adapter that they use. */
    Map<AdapterDigest, Integer> asked() {
        return Map.copyOf(asked);
    }

    /** Its health, by its answers. */
    WorkerHealth health() {
        return health;
    }

    /** Notes that bytes of an answer came. */
    void heard() {
        heard = nanos.getAsLong();
    }

    /**
     * Notes that no connection could be made: the worker is not ready until a probe says otherwise.
     */
    void refused() {
        standing = new Standing(ProbedState.UNREADY, standing.bases);
    }

    /** Takes a new list of the models that it serves. */
    void serves(Map<String, String> bases) {
        if (standing.ready()) {
            standing = new Standing(ProbedState.READY, bases);
        }
    }

    /** Takes the finding of a probe. */
    void found(ProbeResult result) {
        switch (result) {
            case ProbeResult.Ready(Map<String, String> bases) -> {
                answers();
                forgetFormerLife();
                standing = new Standing(ProbedState.READY, bases);
                tell("ready, serves " + bases.keySet(), true);
            }
            case ProbeResult.Refusing(String why) -> {
                answers();
                boolean was = standing.state != ProbedState.UNREADY;
                unready(was ? ProbedState.DRAINING : ProbedState.UNREADY, why);
            }
            case ProbeResult.Strange(String why) -> {
                answers();
                unready(ProbedState.UNREADY, why);
            }
            case ProbeResult.Down(String why) -> {
                gone = nanos.getAsLong();
                unready(ProbedState.UNREADY, why);
                giveUp(why);
            }
            case ProbeResult.Unreachable(String why) -> {
                gone = nanos.getAsLong();
                unready(ProbedState.UNREADY, why);
                giveUpWhereSilent(why);
            }
            case ProbeResult.Silent(String why) -> {
                if (silentSince(heard)) {
                    unready(ProbedState.UNREADY, why);
                    giveUpWhereSilent(why);
                } else {
                    tell("at work, but " + why, false);
                }
            }
            case ProbeResult.Missed _ -> {}
        }
    }

    /** Drops what was told before the worker was gone: it may be another one now. */
    private void forgetFormerLife() {
        Long since = gone;
        Told last = told;
        if (since != null && last != null && last.at - since <= 0) {
            told = null;
        }
        gone = null;
    }

    private void answers() {
        answered = nanos.getAsLong();
        givenUp = "";
    }

    private void unready(ProbedState state, String why) {
        standing = new Standing(state, standing.bases);
        tell("not ready: " + why, false);
    }

    /**
     * Gives the worker up if it is silent. If it has only closed its port, it may still be sending
     * the end of its answers.
     */
    private void giveUpWhereSilent(String why) {
        if (silentSince(answered) && silentSince(heard)) {
            giveUp(why);
        }
    }

    private boolean silentSince(long time) {
        return nanos.getAsLong() - time >= silence.toNanos();
    }

    private void giveUp(String why) {
        givenUp = why;
        int lost = leases.size();
        if (lost > 0) {
            LOG.warn(
                    "the gateway gives up worker {}, which has {} requests: {}",
                    address,
                    lost,
                    why);
        }
        leases.forEach(lease -> lease.lose(why));
    }

    private void tell(String text, boolean good) {
        if (text.equals(lastTold)) {
            return;
        }
        lastTold = text;
        if (good) {
            LOG.info("worker {} is {}", address, text);
        } else {
            LOG.warn("worker {} is {}", address, text);
        }
    }
}
