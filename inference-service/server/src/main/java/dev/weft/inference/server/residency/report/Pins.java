package dev.weft.inference.server.residency.report;

import dev.weft.inference.server.residency.AdapterLease;
import dev.weft.inference.server.residency.AdapterResidency;
import dev.weft.inference.server.residency.artifact.Deadline;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.residency.ResidencyOrders;
import dev.weft.protocol.residency.ResidencyOrders.Order;
import dev.weft.protocol.residency.ResidencyReport.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the catalog's orders out: brings adapters into slots, and keeps pinned ones there. Each
 * order is tried once at a time, and at most {@code slots - 1} adapters are pinned, so that the
 * others always have a slot. Safe for any thread.
 */
final class Pins implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pins.class);

    /** A pin that failed is tried again after this. */
    private static final Duration RETRY = Duration.ofSeconds(30);

    private final AdapterResidency residency;
    private final int slots;
    private final Duration patience;
    private final Clock clock;
    private final Executor threads;
    private final Runnable done;
    private final Map<AdapterDigest, AdapterLease> pinned = new HashMap<>();
    private final Set<AdapterDigest> wanted = new HashSet<>();
    private final Set<Long> running = new HashSet<>();
    private final Map<Long, Instant> retryAt = new HashMap<>();
    private final List<Outcome> outcomes = new ArrayList<>();

    /**
     * @param patience longest wait for one adapter
     * @param threads may wait
     * @param done told when there is an outcome
     */
    Pins(
            AdapterResidency residency,
            int slots,
            Duration patience,
            Clock clock,
            Executor threads,
            Runnable done) {
        this.residency = residency;
        this.slots = slots;
        this.patience = patience;
        this.clock = clock;
        this.threads = threads;
        this.done = done;
    }

    /** Begins new orders and lets go of those no longer asked for; returns at once. */
    synchronized void follow(ResidencyOrders orders) {
        wanted.clear();
        orders.pins().stream().map(Order::digest).forEach(wanted::add);
        for (AdapterDigest digest : List.copyOf(pinned.keySet())) {
            if (!wanted.contains(digest)) {
                release(digest);
            }
        }
        for (Order order : orders.pins()) {
            boolean due = !clock.instant().isBefore(retryAt.getOrDefault(order.id(), Instant.MIN));
            if (due && !pinned.containsKey(order.digest()) && running.add(order.id())) {
                threads.execute(() -> run(order, () -> pin(order)));
            }
        }
        for (Order order : orders.prefetches()) {
            if (running.add(order.id())) {
                threads.execute(() -> run(order, () -> prefetch(order)));
            }
        }
    }

    /** The outcomes of orders since the last call. */
    synchronized List<Outcome> takeOutcomes() {
        List<Outcome> taken = List.copyOf(outcomes);
        outcomes.clear();
        return taken;
    }

    /** The outcomes were not heard. */
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
            LOG.warn("order {} for {}: {}", order.id(), order.digest(), e.getMessage());
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
            if (failure == null) {
                retryAt.remove(order.id());
            } else {
                retryAt.put(order.id(), clock.instant().plus(RETRY));
            }
            outcomes.add(new Outcome(order.id(), failure));
        }
        done.run();
    }

    private void prefetch(Order order) throws InterruptedException {
        residency.lease(order.digest(), Deadline.after(patience, clock)).close();
    }

    private void pin(Order order) throws InterruptedException {
        synchronized (this) {
            if (pinned.size() >= slots - 1) {
                throw new ApiException(
                        ErrorCode.ADAPTER_UNAVAILABLE,
                        "all slots but one are pinned (of "
                                + slots
                                + "): "
                                + pinned.keySet().stream()
                                        .map(AdapterDigest::abbreviated)
                                        .collect(Collectors.joining(", ")));
            }
            pinned.put(order.digest(), () -> {}); // takes the place while it is loaded
        }
        AdapterLease lease = null;
        try {
            lease = residency.pin(order.digest(), Deadline.after(patience, clock));
        } finally {
            settle(order.digest(), lease);
        }
    }

    private synchronized void settle(AdapterDigest digest, @Nullable AdapterLease lease) {
        if (lease != null && wanted.contains(digest)) {
            pinned.put(digest, lease);
            LOG.info("adapter {} is pinned", digest.abbreviated());
            return;
        }
        pinned.remove(digest);
        if (lease != null) {
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
