package dev.weft.inference.server.residency;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.inference.engine.AdapterHost;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.server.residency.artifact.ArtifactCache;
import dev.weft.inference.server.residency.artifact.Deadline;
import dev.weft.inference.server.residency.artifact.LoadThreads;
import dev.weft.inference.server.residency.artifact.LoadTimes;
import dev.weft.inference.server.residency.slot.AdapterSlots;
import dev.weft.inference.server.residency.slot.SlotTicket;
import dev.weft.inference.server.residency.slot.SlotWork;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.error.Faults;
import dev.weft.protocol.residency.HeldAdapter;
import dev.weft.protocol.residency.ResidencyReport;
import dev.weft.protocol.residency.Tier;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases adapters: fetches, loads and evicts as {@link AdapterSlots} decides. An adapter that the
 * engine still holds comes back on the thread that asks or that made room; others are fetched on
 * virtual threads and loaded on the load threads, different adapters side by side.
 */
public final class AdapterResidency implements AdapterLeases {
    private static final Logger LOG = LoggerFactory.getLogger(AdapterResidency.class);

    /**
     * The least time of a turn, about ten loads from disk: short compared with most answers, long
     * compared with a change's cost.
     */
    private static final Duration TURN = Duration.ofMillis(500);

    private static final Duration SLOT_WAIT = Duration.ofSeconds(10);
    private static final Duration SLOT_POLL = Duration.ofMillis(2);

    private final AdapterHost host;
    private final ArtifactCache store;
    private final LoadThreads loadThreads;
    private final AdapterSlots slots;
    private final InstantSource clock;
    private final Arrivals arrivals = new Arrivals(System::nanoTime);

    /** The time when a lease of an adapter last began or ended. */
    private final Map<AdapterDigest, Instant> uses = new ConcurrentHashMap<>();

    /** Seconds of the last load. */
    private final Map<AdapterDigest, Double> loadSeconds = new ConcurrentHashMap<>();

    /**
     * Nothing is leased yet.
     *
     * @param clock tells when adapters were used, for reports
     */
    public AdapterResidency(
            AdapterHost host, ArtifactCache store, LoadThreads loadThreads, InstantSource clock) {
        this.host = host;
        this.store = store;
        this.loadThreads = loadThreads;
        this.clock = clock;
        this.slots = new AdapterSlots(host.slots(), TURN, System::nanoTime, new EngineWork());
    }

    @Override
    public AdapterLease lease(AdapterDigest digest, Deadline deadline) throws InterruptedException {
        return lease("", digest, deadline, false);
    }

    @Override
    public AdapterLease lease(String tenant, AdapterDigest digest, Deadline deadline)
            throws InterruptedException {
        return lease(tenant, digest, deadline, false);
    }

    /**
     * Leases an adapter so that others can't push it out of its slot while the lease is open; at
     * most all slots but one may be leased so.
     */
    public AdapterLease pin(AdapterDigest digest, Deadline deadline) throws InterruptedException {
        return lease("", digest, deadline, true);
    }

    /**
     * Brings an adapter into a slot that no request uses or waits for.
     *
     * @return false if there is no such slot; the adapter's files are here then
     */
    boolean bring(AdapterDigest digest, Deadline deadline) throws InterruptedException {
        Path _ = store.folder(digest, deadline);
        if (!slots.hasRoom()) {
            return false;
        }
        lease(digest, deadline).close();
        return true;
    }

    private AdapterLease lease(String tenant, AdapterDigest digest, Deadline deadline, boolean pins)
            throws InterruptedException {
        long asked = System.nanoTime();
        SlotTicket ticket = slots.request(tenant, digest, pins);
        try {
            ticket.granted().get(deadline.left().toMillis(), TimeUnit.MILLISECONDS);
            used(digest);
            return new Lease(ticket, arrivals.of(digest, asked));
        } catch (InterruptedException e) {
            slots.close(ticket);
            throw e;
        } catch (TimeoutException e) {
            String progress = slots.progress(ticket);
            slots.close(ticket);
            throw new ApiException(
                    ErrorCode.ADAPTER_LOADING,
                    "adapter " + digest + " is not ready yet: " + progress,
                    e);
        } catch (ExecutionException e) {
            slots.close(ticket);
            throw e.getCause() instanceof ApiException api ? api : unavailable(digest, e);
        }
    }

    private final class Lease implements AdapterLease {
        private final SlotTicket ticket;
        private final AdapterArrival arrival;

        Lease(SlotTicket ticket, AdapterArrival arrival) {
            this.ticket = ticket;
            this.arrival = arrival;
        }

        @Override
        public AdapterArrival arrival() {
            return arrival;
        }

        @Override
        public boolean isWanted() {
            return slots.isWanted(ticket);
        }

        @Override
        public void close() {
            slots.close(ticket);
            used(ticket.digest());
        }
    }

    private void used(AdapterDigest digest) {
        uses.put(digest, clock.instant());
    }

    /**
     * The adapters that this worker holds, each in the fastest tier that it is in; the fastest tier
     * comes first, and there are at most as many as a report may have.
     */
    public List<HeldAdapter> held() {
        Map<AdapterDigest, Tier> tiers = inMemory();
        store.held().forEach(digest -> tiers.putIfAbsent(digest, Tier.DISK));
        uses.keySet().retainAll(tiers.keySet());
        loadSeconds.keySet().retainAll(tiers.keySet());
        Set<AdapterDigest> pinned = host.isAway() ? Set.of() : Set.copyOf(slots.pinned());
        return tiers.entrySet().stream()
                .limit(ResidencyReport.MOST_HELD)
                .map(entry ->
                        new HeldAdapter(
                                entry.getKey(),
                                entry.getValue(),
                                uses.get(entry.getKey()),
                                loadSeconds.get(entry.getKey()),
                                pinned.contains(entry.getKey())))
                .toList();
    }

    /**
     * The adapters in slots and in host memory, those in slots first; none while the host is away.
     */
    public Map<AdapterDigest, Tier> inMemory() {
        Map<AdapterDigest, Tier> tiers = new LinkedHashMap<>();
        if (host.isAway()) {
            return tiers;
        }
        slots.resident().forEach(digest -> tiers.put(digest, Tier.SLOT));
        host.cached().forEach(digest -> tiers.putIfAbsent(digest, Tier.HOST));
        return tiers;
    }

    /** Adapters in engine slots, the least recently used first. */
    public List<AdapterDigest> resident() {
        return slots.resident();
    }

    /** Adapters that requests wait for. */
    public List<AdapterDigest> awaited() {
        return slots.awaited();
    }

    /** Adapters on this machine's disk that match their digests, with their bytes. */
    public Map<AdapterDigest, Long> onDisk() {
        return store.sizes();
    }

    /** How loads went. */
    public LoadTimes loads() {
        return store.times();
    }

    private static ApiException unavailable(AdapterDigest digest, Throwable e) {
        return new ApiException(
                isItsOwnFault(e) ? ErrorCode.REQUEST_FAILED : ErrorCode.ADAPTER_UNAVAILABLE,
                "adapter " + digest + " can't be served: " + Faults.reason(e),
                e);
    }

    /**
     * Whether the adapter is at fault, so that other workers and later tries would fail in the same
     * way.
     */
    private static boolean isItsOwnFault(Throwable e) {
        return e instanceof StackOverflowError
                || (e instanceof EngineException refused
                        && refused.reason() == EngineException.Cause.INVALID_ADAPTER);
    }

    /** Carries out what the slots decide. */
    private final class EngineWork implements SlotWork {
        @Override
        public boolean fetch(String tenant, AdapterDigest digest) {
            if (store.has(digest)) {
                return true;
            }
            // never on this thread: it holds the slots' lock
            Thread.ofVirtual()
                    .name("await-" + digest.abbreviated())
                    .start(() -> await(tenant, digest));
            return false;
        }

        private void await(String tenant, AdapterDigest digest) {
            long begin = System.nanoTime();
            boolean onDisk = store.isOnDisk(digest);
            try {
                store.fetch(tenant, digest).join();
            } catch (RuntimeException | Error e) {
                failed(digest, ArtifactCache.failure(digest, e));
                return;
            }
            arrivals.brought(
                    digest,
                    onDisk ? AdapterArrival.From.DISK : AdapterArrival.From.CATALOG,
                    onDisk ? "verify" : "fetch",
                    System.nanoTime() - begin);
            slots.fetched(digest);
        }

        @Override
        public void evict(AdapterDigest digest) {
            host.unload(digest);
            arrivals.left(digest);
            LOG.debug("adapter {} evicted", digest.abbreviated());
        }

        @Override
        public boolean reload(AdapterDigest digest) {
            try {
                boolean back = host.reload(digest);
                if (back) {
                    arrivals.reloaded(digest);
                }
                return back;
            } catch (EngineException e) {
                // its slot is not free yet, or all is over: a load waits, or says so
                LOG.debug("adapter {} can't come back at once", digest.abbreviated(), e);
                return false;
            }
        }

        @Override
        public void load(String tenant, AdapterDigest digest) {
            long asked = System.nanoTime();
            try {
                loadThreads.execute(tenant, () -> loadNow(digest, asked));
            } catch (RejectedExecutionException e) {
                Thread.ofVirtual().start(() -> failed(digest, unavailable(digest, e)));
            }
        }

        private void loadNow(AdapterDigest digest, long asked) {
            long begin = System.nanoTime();
            long opened = begin;
            try (LoraAdapter adapter = store.open(digest)) {
                opened = System.nanoTime();
                loadIntoFreedSlot(digest, adapter);
            } catch (EngineException e) {
                failed(digest, unavailable(digest, e));
                return;
            } catch (RuntimeException e) {
                failed(digest, e);
                return;
            } catch (Error e) {
                LOG.error("adapter {} could not be loaded", digest, e);
                failed(digest, unavailable(digest, e));
                return;
            }
            LOG.info(
                    "adapter {} loaded in {} ms, of which {} to open its files",
                    digest.abbreviated(),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin),
                    TimeUnit.NANOSECONDS.toMillis(opened - begin));
            store.times().loaded(digest, asked, begin, opened);
            loadSeconds.put(digest, (System.nanoTime() - begin) / 1e9);
            arrivals.loaded(digest, opened - begin, System.nanoTime() - opened);
            slots.loaded(digest);
        }

        /**
         * An engine frees an unloaded adapter's slot when the last generation has left it, which
         * may be a moment after that generation's listener has heard of its end.
         */
        private void loadIntoFreedSlot(AdapterDigest digest, LoraAdapter adapter) {
            long deadline = System.nanoTime() + SLOT_WAIT.toNanos();
            while (true) {
                try {
                    host.load(digest, adapter);
                    return;
                } catch (EngineException e) {
                    if (e.reason() != EngineException.Cause.NO_SLOT
                            || System.nanoTime() > deadline) {
                        throw e;
                    }
                    LockSupport.parkNanos(SLOT_POLL.toNanos());
                }
            }
        }

        private void failed(AdapterDigest digest, RuntimeException why) {
            LOG.warn("adapter {}: {}", digest, why.getMessage());
            arrivals.left(digest);
            store.times().failed(digest);
            slots.failed(digest, why);
        }
    }
}
