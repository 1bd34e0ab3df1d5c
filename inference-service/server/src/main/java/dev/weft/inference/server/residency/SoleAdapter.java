package dev.weft.inference.server.residency;

import dev.weft.inference.engine.Engine;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.server.residency.artifact.Deadline;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the engine merge the adapter of a base that has only one, and unmerge it when a second comes
 * or the only one goes. The adapter is leased as long as it is merged, which would keep all others
 * out of its slot. So it is unmerged, too, if its turn is over and requests for others (an older
 * version, say) wait for the slot. One loop, and a virtual thread while the engine merges.
 */
public final class SoleAdapter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SoleAdapter.class);

    /** How soon a change of the catalog is noticed; looking costs one read of a field. */
    private static final Duration LOOK = Duration.ofMillis(500);

    /**
     * An adapter that made room for others is not merged again for so long. A merge takes seconds
     * to minutes, which would be in vain if they come again.
     */
    private static final Duration REST = Duration.ofMinutes(10);

    private final Engine engine;
    private final AdapterLeases leases;
    private final BaseAdapters base;
    private final Duration patience;
    private final LongSupplier nanos;
    private final Loop loop;
    private @Nullable AdapterLease lease;
    private @Nullable AdapterDigest merged;
    private @Nullable Rest rest;
    private long seen = -1;

    /** An adapter made room for others. */
    private record Rest(AdapterDigest digest, long began) {}

    /**
     * Looks at nothing yet.
     *
     * @param base that the engine runs
     * @param patience longest wait for the adapter to be fetched and loaded
     * @param nanos nanoseconds since some moment
     * @param loops the worker's
     */
    SoleAdapter(
            Engine engine,
            AdapterLeases leases,
            BaseAdapters base,
            Duration patience,
            LongSupplier nanos,
            Loops loops) {
        this.engine = engine;
        this.leases = leases;
        this.base = base;
        this.patience = patience;
        this.nanos = nanos;
        this.loop = loops.loop("sole-adapter", "", this::turn, this::drop);
    }

    /** Begins to watch the catalog. */
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    private Duration turn() throws InterruptedException {
        look();
        return LOOK;
    }

    /** Acts if the slot is wanted, or the catalog has changed since the last look. */
    void look() throws InterruptedException {
        if (lease != null && merged != null && lease.isWanted()) {
            makeRoom(merged);
            drop();
        }
        if (rest != null && nanos.getAsLong() - rest.began >= REST.toNanos()) {
            rest = null;
            seen = -1;
        }
        long now = base.names().sequence();
        if (!base.isKnown() || now == seen) {
            return;
        }
        Optional<AdapterDigest> sole = base.sole();
        if (!sole.equals(Optional.ofNullable(merged))) {
            drop();
            if (sole.isPresent() && (rest == null || !rest.digest.equals(sole.get()))) {
                merge(sole.get());
            }
        }
        seen = now;
    }

    private void makeRoom(AdapterDigest digest) {
        LOG.info("adapter {} makes room for others", digest.abbreviated());
        rest = new Rest(digest, nanos.getAsLong());
    }

    private void merge(AdapterDigest digest) throws InterruptedException {
        rest = null;
        try {
            AdapterLease held = leases.lease(digest, Deadline.after(patience));
            lease = held;
            if (mergeUnlessWanted(digest, held)) {
                merged = digest;
                LOG.info("adapter {} is the only one: merged", digest.abbreviated());
                return;
            }
        } catch (ApiException | EngineException e) {
            LOG.warn("adapter {} is not merged: {}", digest.abbreviated(), e.getMessage());
        } finally {
            if (merged == null) {
                release();
            }
        }
    }

    /** Merges, and gives that up if the slot is wanted meanwhile; false if nothing is merged. */
    private boolean mergeUnlessWanted(AdapterDigest digest, AdapterLease held)
            throws InterruptedException {
        Watch watch = new Watch(held);
        Thread watching = Thread.ofVirtual().name("sole-adapter-watch").start(watch);
        boolean done = false;
        try {
            done = engine.merge(digest);
        } finally {
            watching.interrupt();
            watching.join();
            if (watch.wanted) {
                engine.unmerge();
                makeRoom(digest);
            }
        }
        return done && !watch.wanted;
    }

    /**
     * Unmerges while a slot is wanted. It goes on until it is interrupted, since the merge may
     * begin only after it was given up.
     */
    private final class Watch implements Runnable {
        private final AdapterLease held;
        private volatile boolean wanted;

        private Watch(AdapterLease held) {
            this.held = held;
        }

        @Override
        public void run() {
            try {
                while (true) {
                    if (held.isWanted()) {
                        wanted = true;
                        engine.unmerge();
                    }
                    Thread.sleep(LOOK);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void drop() {
        if (merged != null) {
            engine.unmerge();
            LOG.info("adapter {} is not merged any more", merged.abbreviated());
            merged = null;
        }
        release();
    }

    private void release() {
        AdapterLease held = lease;
        if (held != null) {
            lease = null;
            held.close();
        }
    }
}
