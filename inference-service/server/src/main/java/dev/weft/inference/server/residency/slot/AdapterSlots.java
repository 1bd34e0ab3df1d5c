package dev.weft.inference.server.residency.slot;

import dev.weft.inference.server.residency.slot.SlotEntry.Phase;
import dev.weft.protocol.adapter.AdapterDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Decides when an adapter gets a slot. An adapter is fetched, queues for a slot, is loaded, and is
 * resident until another one needs its slot and nobody uses it. Adapters queue in the order in
 * which the first request of each came, those of tenants with fewer slots first; a slot serves all
 * requests of its adapter at once.
 *
 * <p>So that nobody starves behind adapters in steady use, residence goes by turns. A turn lasts at
 * least {@code turn}. After it, while others queue, the adapter drains; as many adapters drain as
 * queue: first those that only the worker itself uses, then those of the tenants with the most
 * slots; among equals, the least recently used first. A draining adapter takes no new leases; a
 * request for it puts it at the end of the queue. If its place comes before its slot is free, it
 * has the next turn without leaving. If the queue is served first, it goes on as before.
 *
 * <p><b>The bound.</b> A slot's turn ends at most L + M + T after it was given away: the longest
 * load L, {@code turn} M, and the longest time T that one lease is held. So a request whose adapter
 * is on this machine, and in place k of the queue, has it after at most ceil(k / slots) (L + M + T)
 * + L, whatever the others ask for; k is at most the number of adapters that wait. If another
 * tenant has n slots fewer than the request's tenant, where n may be 0, k counts n of that other
 * tenant's adapters, and further ones only if they are before the request's adapter in the queue.
 * So a tenant that asks for many adapters queues behind those that ask for few.
 *
 * <p>Safe for any thread: one lock, held for no IO. {@link SlotWork} is called with the lock held.
 */
public final class AdapterSlots {

    private static final Comparator<SlotEntry> BY_LAST_USE =
            Comparator.comparingLong(e -> e.lastUsed);

    private final int slots;
    private final long turnNanos;
    private final LongSupplier clock;
    private final SlotWork work;
    private final Map<AdapterDigest, SlotEntry> entries = new LinkedHashMap<>();
    private final LinkedHashSet<SlotEntry> residents = new LinkedHashSet<>();

    /** Adapters that wait for a slot, and draining residents that are asked for again. */
    private final LinkedHashSet<SlotEntry> queue = new LinkedHashSet<>();

    /** Adapters that drain, in the order in which they began to. */
    private final LinkedHashSet<SlotEntry> draining = new LinkedHashSet<>();

    private final LinkedHashSet<SlotEntry> loading = new LinkedHashSet<>();
    private long tick;

    /**
     * Slots without adapters.
     *
     * @param turn least time that an adapter has before it makes room for others
     * @param clock nanoseconds since some moment
     */
    public AdapterSlots(int slots, Duration turn, LongSupplier clock, SlotWork work) {
        if (slots < 1) {
            throw new IllegalArgumentException(slots + " adapter slots: at least 1");
        }
        this.slots = slots;
        this.turnNanos = turn.toNanos();
        this.clock = clock;
        this.work = work;
    }

    /** Asks for an adapter; {@link #close} the ticket whatever becomes of it. */
    SlotTicket request(AdapterDigest digest) {
        return request("", digest, false);
    }

    /**
     * Asks for an adapter for a tenant.
     *
     * @param tenant the tenant that asks
     * @param pins while the ticket is open the adapter's turn does not end: it is never asked to
     *     make room, so there must be slots for the others
     */
    public synchronized SlotTicket request(String tenant, AdapterDigest digest, boolean pins) {
        SlotEntry entry = entries.get(digest);
        if (entry == null) {
            entry = new SlotEntry(digest);
            entry.tenant = tenant;
            entries.put(digest, entry);
            if (work.fetch(tenant, digest)) {
                enqueue(entry);
            }
        }
        if (entry.tenant.isEmpty()) {
            entry.tenant = tenant;
        }
        SlotTicket ticket = entry.ask(tenant, pins);
        if (entry.phase == Phase.RESIDENT) {
            drain();
            if (entry.draining) {
                if (queue.add(entry)) {
                    entry.tenant = tenant;
                }
            } else {
                grantAll(entry);
            }
        }
        assign();
        return ticket;
    }

    /** Gives an adapter back, or stops waiting for it. Idempotent. */
    public synchronized void close(SlotTicket ticket) {
        SlotEntry entry = ticket.entry;
        if (ticket.holds) {
            entry.giveBack(ticket);
            entry.lastUsed = ++tick;
        } else if (ticket.waiting) {
            entry.leave(ticket);
            leaveQueueIfUnwanted(entry);
        }
        assign();
    }

    /** The artifact is on this machine. */
    public synchronized void fetched(AdapterDigest digest) {
        SlotEntry entry = entry(digest, Phase.FETCHING);
        if (entry.waiting.isEmpty()) {
            entries.remove(digest);
            return;
        }
        enqueue(entry);
        assign();
    }

    /** The adapter is in its slot. */
    public synchronized void loaded(AdapterDigest digest) {
        SlotEntry entry = entry(digest, Phase.LOADING);
        loading.remove(entry);
        settle(entry);
        assign();
    }

    /** Fetching or loading has failed; the next request starts afresh. */
    public synchronized void failed(AdapterDigest digest, RuntimeException why) {
        SlotEntry entry = entries.remove(digest);
        if (entry == null) {
            throw new IllegalStateException(digest + " is not known");
        }
        loading.remove(entry);
        entry.failAll(why);
        assign();
    }

    /** Adapters in slots, the least recently used first. */
    public synchronized List<AdapterDigest> resident() {
        return residents.stream().sorted(BY_LAST_USE).map(e -> e.digest).toList();
    }

    /** Adapters that do not leave their slot. */
    public synchronized List<AdapterDigest> pinned() {
        return residents.stream().filter(e -> e.pins > 0).map(e -> e.digest).toList();
    }

    /** Adapters that requests wait for. */
    public synchronized List<AdapterDigest> awaited() {
        return entries.values().stream()
                .filter(e -> !e.waiting.isEmpty())
                .map(e -> e.digest)
                .toList();
    }

    /** True if another adapter could be placed at once, and none waits for that. */
    public synchronized boolean hasRoom() {
        return queue.isEmpty()
                && (loading.size() + residents.size() < slots
                        || residents.stream().anyMatch(e -> e.uses == 0));
    }

    /** True if the ticket keeps a slot whose turn is over, and others queue for it. */
    public synchronized boolean isWanted(SlotTicket ticket) {
        drain();
        return ticket.holds && ticket.entry.draining;
    }

    /** What a ticket waits for, in words for its owner. */
    public synchronized String progress(SlotTicket ticket) {
        return switch (ticket.entry.phase) {
            case FETCHING -> "it is being fetched";
            case QUEUED, RESIDENT -> "all " + slots + " adapter slots are in use";
            case LOADING -> "it is being loaded";
        };
    }

    private void enqueue(SlotEntry entry) {
        entry.phase = Phase.QUEUED;
        if (!entry.waiting.isEmpty()) {
            entry.tenant = entry.waiting.getFirst().tenant;
        }
        queue.add(entry);
    }

    private void leaveQueueIfUnwanted(SlotEntry entry) {
        if (entry.waiting.isEmpty() && queue.remove(entry) && entry.phase == Phase.QUEUED) {
            entries.remove(entry.digest);
        }
    }

    private void assign() {
        while (!queue.isEmpty()) {
            SlotEntry next = nextInLine();
            if (next.phase == Phase.RESIDENT) {
                queue.remove(next);
                stopDraining(next);
                settle(next);
            } else if (makeRoom()) {
                queue.remove(next);
                place(next);
            } else {
                break;
            }
        }
        drain();
    }

    /** The first in the queue of the tenant with the fewest slots. */
    private SlotEntry nextInLine() {
        Map<String, Integer> held = slotsByTenant();
        return queue.stream()
                .min(Comparator.comparingInt(entry -> held.getOrDefault(entry.tenant, 0)))
                .orElseThrow();
    }

    private Map<String, Integer> slotsByTenant() {
        Map<String, Integer> held = new HashMap<>();
        residents.forEach(entry -> held.merge(entry.tenant, 1, Integer::sum));
        loading.forEach(entry -> held.merge(entry.tenant, 1, Integer::sum));
        return held;
    }

    /** True if a slot is free, perhaps after an eviction. */
    private boolean makeRoom() {
        if (loading.size() + residents.size() < slots) {
            return true;
        }
        Optional<SlotEntry> victim =
                residents.stream()
                        .filter(e -> e.uses == 0)
                        .min(
                                Comparator.comparing((SlotEntry e) -> !e.waiting.isEmpty())
                                        .thenComparing(BY_LAST_USE));
        victim.ifPresent(this::evict);
        return victim.isPresent();
    }

    private void evict(SlotEntry entry) {
        work.evict(entry.digest);
        residents.remove(entry);
        stopDraining(entry);
        if (entry.waiting.isEmpty()) {
            entries.remove(entry.digest);
        } else {
            // it keeps its place in the queue
            entry.phase = Phase.QUEUED;
        }
    }

    private void place(SlotEntry entry) {
        if (work.reload(entry.digest)) {
            settle(entry);
        } else {
            entry.phase = Phase.LOADING;
            loading.add(entry);
            work.load(entry.tenant, entry.digest);
        }
    }

    /** Begins an adapter's turn, and grants the adapter to all that wait for it. */
    private void settle(SlotEntry entry) {
        entry.phase = Phase.RESIDENT;
        entry.turnBegan = clock.getAsLong();
        entry.lastUsed = ++tick;
        residents.add(entry);
        grantAll(entry);
    }

    /**
     * Drains as many adapters as others queue: first those that only the worker itself uses, then
     * those of the tenants with the most slots.
     */
    private void drain() {
        int wanted = queue.size() - (int) draining.stream().filter(queue::contains).count();
        while (draining.size() > wanted) {
            SlotEntry last = draining.getLast();
            stopDraining(last);
            queue.remove(last);
            grantAll(last);
        }
        if (draining.size() < wanted) {
            long now = clock.getAsLong();
            List<SlotEntry> over = new ArrayList<>(residents);
            Map<String, Integer> held = slotsByTenant();
            over.removeIf(e -> e.draining || e.pins > 0 || now - e.turnBegan < turnNanos);
            over.removeIf(e -> !isWanted(e, held));
            over.sort(
                    Comparator.comparing((SlotEntry e) -> !e.isHeldByTheWorkerAlone())
                            .thenComparingInt(e -> -held.getOrDefault(e.tenant, 0))
                            .thenComparing(BY_LAST_USE));
            over.subList(0, Math.min(over.size(), wanted - draining.size()))
                    .forEach(this::startDraining);
        }
    }

    /**
     * Whether the resident's own tenant queues, or one with fewer slots does. If only the worker
     * itself uses it, whether anybody queues.
     */
    private boolean isWanted(SlotEntry resident, Map<String, Integer> held) {
        if (resident.isHeldByTheWorkerAlone()) {
            return !queue.isEmpty();
        }
        int slotsHeld = held.getOrDefault(resident.tenant, 0);
        return queue.stream()
                .anyMatch(entry ->
                        entry.tenant.equals(resident.tenant)
                                || held.getOrDefault(entry.tenant, 0) < slotsHeld);
    }

    private void startDraining(SlotEntry entry) {
        entry.draining = true;
        draining.add(entry);
    }

    private void stopDraining(SlotEntry entry) {
        entry.draining = false;
        draining.remove(entry);
    }

    private void grantAll(SlotEntry entry) {
        if (!entry.waiting.isEmpty()) {
            entry.lastUsed = ++tick;
            entry.grantAll();
        }
    }

    private SlotEntry entry(AdapterDigest digest, Phase phase) {
        SlotEntry entry = entries.get(digest);
        if (entry == null || entry.phase != phase) {
            throw new IllegalStateException(
                    digest
                            + " is "
                            + (entry == null ? "not known" : entry.phase)
                            + ", not "
                            + phase);
        }
        return entry;
    }
}
