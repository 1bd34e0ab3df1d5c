package dev.weft.inference.server.residency.report;

import dev.weft.inference.server.residency.AdapterLease;
import dev.weft.inference.server.residency.AdapterResidency;
import dev.weft.inference.server.residency.BaseAdapters;
import dev.weft.inference.server.residency.artifact.Deadline;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.residency.ResidencyOrders;
import dev.weft.protocol.residency.ResidencyOrders.Order;
import dev.weft.protocol.residency.ResidencyReport.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the catalog's orders out: brings adapters into slots, and keeps pinned ones there. Each
 * adapter is pinned once, however many orders ask for it, and at most {@code slots - 1} are, so
 * that the others always have a slot. Adapters of another base are refused. Safe for any thread.
 */
final class Pins implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pins.class);

    /** A pin that failed is tried again after this. */
    private static final Duration RETRY = Duration.ofSeconds(30);

    private final AdapterResidency residency;
    private final int slots;
    private final Duration patience;
    private final BaseAdapters base;
    private final LongSupplier nanos;
    private final Executor threads;
    private final Runnable done;
    private final Map<AdapterDigest, AdapterLease> pinned = new HashMap<>();

    /** Adapters that are on their way to be pinned, each with a place among the pinned. */
    private final Set<AdapterDigest> coming = new HashSet<>();

    private final Set<AdapterDigest> wanted = new HashSet<>();

    /** Prefetches that run. */
    private final Set<Long> running = new HashSet<>();

    /** When pins failed. */
    private final Map<Long, Long> failedAt = new HashMap<>();

    /** The last outcome of each order. */
    private final Map<Long, Outcome> told = new HashMap<>();

    private final List<Outcome> outcomes = new ArrayList<>();

    /**
     * @param base the base whose adapters are taken
     * @param patience longest wait for one adapter
     * @param nanos nanoseconds since some moment
     * @param threads run the orders, whose work may wait
     * @param done told when there is an outcome
     */
    Pins(
            AdapterResidency residency,
            BaseAdapters base,
            int slots,
            Duration patience,
            LongSupplier nanos,
            Executor threads,
            Runnable done) {
        this.residency = residency;
        this.base = base;
        this.slots = slots;
        this.patience = patience;
        this.nanos = nanos;
        this.threads = threads;
        this.done = done;
    }

    /**
     * Begins new orders and lets go of those no longer asked for; returns at once. Nothing begins
     * before the catalog has told which adapters are of which base.
     */
    synchronized void follow(ResidencyOrders orders) {
        wanted.clear();
        orders.pins().stream().map(Order::digest).filter(base::admits).forEach(wanted::add);
        for (AdapterDigest digest : List.copyOf(pinned.keySet())) {
            if (!wanted.contains(digest)) {
                release(digest);
            }
        }
        Set<Long> known =
                Stream.concat(orders.pins().stream(), orders.prefetches().stream())
                        .map(Order::id)
                        .collect(Collectors.toSet());
        failedAt.keySet().retainAll(known);
        told.keySet().retainAll(known);
        if (base.isKnown()) {
            orders.pins().forEach(this::beginPin);
            orders.prefetches().forEach(this::beginPrefetch);
        }
    }

    private void beginPin(Order order) {
        AdapterDigest digest = order.digest();
        if (!base.admits(digest)) {
            tellOnce(order, base.foreign(digest).getMessage());
        } else if (pinned.containsKey(digest)) {
            tellOnce(order, null);
        } else if (isDue(order) && !coming.contains(digest)) {
            if (pinned.size() + coming.size() < slots - 1) {
                coming.add(digest);
                threads.execute(() -> run(order, () -> pin(digest)));
            } else if (wanted.containsAll(coming)) {
                ended(order, "all slots but one are pinned (of " + slots + "): " + places());
            } // else a place is given back soon
        }
    }

    private void beginPrefetch(Order order) {
        if (!base.admits(order.digest())) {
            tellOnce(order, base.foreign(order.digest()).getMessage());
        } else if (running.add(order.id())) {
            threads.execute(() -> run(order, () -> prefetch(order)));
        }
    }

    private boolean isDue(Order order) {
        Long failed = failedAt.get(order.id());
        return failed == null || nanos.getAsLong() - failed >= RETRY.toNanos();
    }

    private String places() {
        return Stream.concat(pinned.keySet().stream(), coming.stream())
                .map(AdapterDigest::abbreviated)
                .collect(Collectors.joining(", "));
    }

    /** Tells an outcome that came without work, unless it was told already. */
    private void tellOnce(Order order, @Nullable String failure) {
        if (!new Outcome(order.id(), failure).equals(told.get(order.id()))) {
            ended(order, failure);
        }
    }

    private void ended(Order order, @Nullable String failure) {
        if (failure == null) {
            failedAt.remove(order.id());
        } else {
            LOG.warn("order {} for {}: {}", order.id(), order.digest(), failure);
            failedAt.put(order.id(), nanos.getAsLong());
        }
        Outcome outcome = new Outcome(order.id(), failure);
        told.put(order.id(), outcome);
        outcomes.add(outcome);
    }

    /** The outcomes of orders since the last call. */
    synchronized List<Outcome> takeOutcomes() {
        List<Outcome> taken = List.copyOf(outcomes);
        outcomes.clear();
        return taken;
    }

    /** Puts back outcomes that the catalog has not heard. */
    synchronized void putBack(List<Outcome> taken) {
        outcomes.addAll(0, taken);
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private void run(Order order, Work work) {
        String failure = null;
        try {
            work.run();
        } catch (ApiException e) {
            failure = String.valueOf(e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.error("order {} for {} failed", order.id(), order.digest(), e);
            failure = e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        synchronized (this) {
            running.remove(order.id());
            ended(order, failure);
        }
        done.run();
    }

    private void prefetch(Order order) throws InterruptedException {
        residency.lease(order.digest(), Deadline.after(patience)).close();
    }

    private void pin(AdapterDigest digest) throws InterruptedException {
        AdapterLease lease = null;
        try {
            lease = residency.pin(digest, Deadline.after(patience));
        } finally {
            settle(digest, lease);
        }
    }

    private synchronized void settle(AdapterDigest digest, @Nullable AdapterLease lease) {
        coming.remove(digest);
        if (lease == null) {
            return;
        }
        if (wanted.contains(digest) && pinned.putIfAbsent(digest, lease) == null) {
            LOG.info("adapter {} is pinned", digest.abbreviated());
        } else {
            lease.close(); // unpinned while it was loaded
        }
    }

    private void release(AdapterDigest digest) {
        AdapterLease lease = pinned.remove(digest);
        if (lease != null) {
            lease.close();
            LOG.info("adapter {} is not pinned any more", digest.abbreviated());
        }
    }

    @Override
    public synchronized void close() {
        wanted.clear();
        List.copyOf(pinned.keySet()).forEach(this::release);
    }
}
