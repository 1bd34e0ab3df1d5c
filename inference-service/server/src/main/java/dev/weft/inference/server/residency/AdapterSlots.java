package dev.weft.inference.server.residency;

import dev.weft.model.adapter.AdapterDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Decides which adapter gets a slot when. An adapter is fetched, queues for a slot, is loaded, and
 * is resident until another one needs its slot and nobody uses it. The queue is first come, first
 * served. So that nobody starves behind adapters in steady use, each one in the queue makes the
 * least recently used resident adapter drain: it takes no new leases until the queue is served;
 * those who asked for it meanwhile are served at once if its slot was not needed after all, and
 * queue otherwise.
 *
 * <p>Safe for any thread: one lock, held for no IO. {@link Work} is called with it held.
 */
final class AdapterSlots {

    /** What has to be done; hand it on and return at once. */
    interface Work {
        /** Get the artifact; then {@link #fetched} or {@link #failed}. */
        void fetch(AdapterDigest digest);

        /** Free the slot of an adapter that nobody uses. */
        void evict(AdapterDigest digest);

        /** Load into a free slot; then {@link #loaded} or {@link #failed}. */
        void load(AdapterDigest digest);
    }

    private enum Phase {
        FETCHING,
        QUEUED,
        LOADING,
        RESIDENT
    }

    /** One who asked for an adapter. */
    static final class Ticket {
        private final Entry entry;
        private final CompletableFuture<Ticket> granted = new CompletableFuture<>();
        private boolean closed;

        private Ticket(Entry entry) {
            this.entry = entry;
        }

        /** Completes when the adapter may be used, exceptionally where it can't be had. */
        CompletableFuture<Ticket> granted() {
            return granted;
        }
    }

    private static final class Entry {
        final AdapterDigest digest;
        final Deque<Ticket> waiting = new ArrayDeque<>();
        Phase phase = Phase.FETCHING;
        boolean draining;
        int uses;
        long lastUsed;

        Entry(AdapterDigest digest) {
            this.digest = digest;
        }

        boolean idle() {
            return phase == Phase.RESIDENT && uses == 0;
        }
    }

    private static final Comparator<Entry> BY_LAST_USE = Comparator.comparingLong(e -> e.lastUsed);

    private final int slots;
    private final Work work;
    private final Map<AdapterDigest, Entry> entries = new LinkedHashMap<>();
    private final Deque<Entry> queue = new ArrayDeque<>();
    private long tick;

    AdapterSlots(int slots, Work work) {
        if (slots < 1) {
            throw new IllegalArgumentException(slots + " adapter slots: at least 1");
        }
        this.slots = slots;
        this.work = work;
    }

    /** Asks for an adapter; {@link #close} the ticket whatever becomes of it. */
    synchronized Ticket request(AdapterDigest digest) {
        Entry entry = entries.get(digest);
        if (entry == null) {
            entry = new Entry(digest);
            entries.put(digest, entry);
            work.fetch(digest);
        }
        Ticket ticket = new Ticket(entry);
        if (entry.phase == Phase.RESIDENT && !entry.draining) {
            grant(ticket);
        } else {
            entry.waiting.add(ticket);
        }
        return ticket;
    }

    /** Gives an adapter back, or stops waiting for it. Idempotent. */
    synchronized void close(Ticket ticket) {
        if (ticket.closed) {
            return;
        }
        ticket.closed = true;
        Entry entry = ticket.entry;
        if (!entry.waiting.remove(ticket)) {
            if (!ticket.granted.isCompletedExceptionally()) {
                entry.uses--;
                entry.lastUsed = ++tick;
            }
        } else if (entry.phase == Phase.QUEUED && entry.waiting.isEmpty()) {
            queue.remove(entry);
            entries.remove(entry.digest);
        }
        assign();
    }

    /** The artifact is on this machine. */
    synchronized void fetched(AdapterDigest digest) {
        Entry entry = entry(digest, Phase.FETCHING);
        if (entry.waiting.isEmpty()) {
            entries.remove(digest);
            return;
        }
        entry.phase = Phase.QUEUED;
        queue.add(entry);
        assign();
    }

    /** The adapter is in its slot. */
    synchronized void loaded(AdapterDigest digest) {
        Entry entry = entry(digest, Phase.LOADING);
        entry.phase = Phase.RESIDENT;
        entry.lastUsed = ++tick;
        grantAll(entry);
        assign();
    }

    /** Fetching or loading has failed; who asks again starts afresh. */
    synchronized void failed(AdapterDigest digest, RuntimeException why) {
        Entry entry = entries.remove(digest);
        if (entry == null) {
            throw new IllegalStateException(digest + " is not known");
        }
        entry.waiting.forEach(ticket -> ticket.granted.completeExceptionally(why));
        entry.waiting.clear();
        assign();
    }

    /** Adapters in slots, the least recently used first. */
    synchronized List<AdapterDigest> resident() {
        return entries.values().stream()
                .filter(e -> e.phase == Phase.RESIDENT)
                .sorted(BY_LAST_USE)
                .map(e -> e.digest)
                .toList();
    }

    /** Adapters that someone waits for. */
    synchronized List<AdapterDigest> awaited() {
        return entries.values().stream()
                .filter(e -> !e.waiting.isEmpty())
                .map(e -> e.digest)
                .toList();
    }

    /** What a ticket waits for, in words for its owner. */
    synchronized String progress(Ticket ticket) {
        return switch (ticket.entry.phase) {
            case FETCHING -> "it is being fetched";
            case QUEUED, RESIDENT -> "all " + slots + " adapter slots are in use";
            case LOADING -> "it is being loaded";
        };
    }

    private void assign() {
        while (!queue.isEmpty() && makeRoom()) {
            Entry next = queue.remove();
            next.phase = Phase.LOADING;
            work.load(next.digest);
        }
        drain();
    }

    /** True where a slot is free, perhaps after an eviction. */
    private boolean makeRoom() {
        long taken =
                entries.values().stream()
                        .filter(e -> e.phase == Phase.LOADING || e.phase == Phase.RESIDENT)
                        .count();
        if (taken < slots) {
            return true;
        }
        Optional<Entry> victim = entries.values().stream().filter(Entry::idle).min(BY_LAST_USE);
        victim.ifPresent(this::evict);
        return victim.isPresent();
    }

    private void evict(Entry entry) {
        work.evict(entry.digest);
        entry.draining = false;
        if (entry.waiting.isEmpty()) {
            entries.remove(entry.digest);
        } else {
            entry.phase = Phase.QUEUED;
            queue.add(entry);
        }
    }

    /** As many adapters drain as others queue, those used longest ago first. */
    private void drain() {
        List<Entry> residents = new ArrayList<>(entries.values());
        residents.removeIf(e -> e.phase != Phase.RESIDENT);
        // who drains already goes on, so that the choice does not wander with each lease
        residents.sort(Comparator.comparing((Entry e) -> !e.draining).thenComparing(BY_LAST_USE));
        for (int i = 0; i < residents.size(); i++) {
            Entry entry = residents.get(i);
            entry.draining = i < queue.size();
            if (!entry.draining) {
                grantAll(entry);
            }
        }
    }

    private void grantAll(Entry entry) {
        while (!entry.waiting.isEmpty()) {
            grant(entry.waiting.remove());
        }
    }

    private void grant(Ticket ticket) {
        ticket.entry.uses++;
        ticket.entry.lastUsed = ++tick;
        ticket.granted.complete(ticket);
    }

    private Entry entry(AdapterDigest digest, Phase phase) {
        Entry entry = entries.get(digest);
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
