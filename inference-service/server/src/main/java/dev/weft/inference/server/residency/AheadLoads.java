package dev.weft.inference.server.residency;

import dev.weft.inference.server.residency.artifact.Deadline;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.error.ApiException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads adapters that gateways expect requests for. Requests go first: it loads one adapter at a
 * time, none while a request waits for one, and into a slot that nobody uses. Any thread.
 */
public final class AheadLoads {
    private static final Logger LOG = LoggerFactory.getLogger(AheadLoads.class);

    private final AdapterResidency residency;
    private final BaseAdapters base;
    private final Duration patience;
    private final AtomicBoolean loading = new AtomicBoolean();
    private final Map<Outcome, LongAdder> outcomes = new ConcurrentHashMap<>();

    /** The outcome of an order. */
    public enum Outcome {
        /** The adapter is in a slot now. */
        LOADED,
        /** The adapter was in a slot already. */
        HELD,
        /** Requests wait for adapters, or another order is carried out. */
        BUSY,
        /** Requests use all slots. The adapter's files are here. */
        NO_ROOM,
        /** The adapter can't be had, or is not known to be one of the worker's base. */
        FAILED
    }

    /**
     * @param patience longest wait for one adapter
     */
    AheadLoads(AdapterResidency residency, BaseAdapters base, Duration patience) {
        this.residency = residency;
        this.base = base;
        this.patience = patience;
    }

    /** Begins to load an adapter, and returns at once; false if it does not. */
    public boolean begin(AdapterDigest digest) {
        if (!base.isKnown() || !base.admits(digest)) {
            count(Outcome.FAILED);
            return false;
        }
        if (residency.resident().contains(digest)) {
            count(Outcome.HELD);
            return false;
        }
        if (!residency.awaited().isEmpty() || !loading.compareAndSet(false, true)) {
            count(Outcome.BUSY);
            return false;
        }
        Thread.ofVirtual().name("ahead-" + digest.abbreviated()).start(() -> load(digest));
        return true;
    }

    private void load(AdapterDigest digest) {
        try {
            boolean loaded = residency.bring(digest, Deadline.after(patience));
            count(loaded ? Outcome.LOADED : Outcome.NO_ROOM);
        } catch (ApiException e) {
            LOG.info("adapter {} is not loaded ahead: {}", digest.abbreviated(), e.getMessage());
            count(Outcome.FAILED);
        } catch (RuntimeException | Error e) {
            LOG.error("adapter {} could not be loaded ahead", digest, e);
            count(Outcome.FAILED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            loading.set(false);
        }
    }

    private void count(Outcome outcome) {
        outcomes.computeIfAbsent(outcome, _ -> new LongAdder()).increment();
    }

    /** The number of orders that ended so. */
    public long orders(Outcome outcome) {
        LongAdder some = outcomes.get(outcome);
        return some == null ? 0 : some.sum();
    }
}
