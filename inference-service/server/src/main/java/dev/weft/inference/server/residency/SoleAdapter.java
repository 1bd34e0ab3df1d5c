package dev.weft.inference.server.residency;

import dev.weft.inference.engine.Engine;
import dev.weft.inference.engine.EngineException;
import dev.weft.model.adapter.AdapterDigest;
import dev.weft.model.error.ApiException;
import dev.weft.model.feed.CatalogView;
import dev.weft.model.feed.ServedVersion;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the engine merge the adapter of a catalog that has only one, and drop that when a second
 * comes or the only one goes. The adapter is leased as long as it is merged. One virtual thread.
 */
public final class SoleAdapter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SoleAdapter.class);

    /** How soon a change of the catalog is noticed; looking costs one read of a field. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Engine engine;
    private final AdapterLeases leases;
    private final CatalogView names;
    private final Duration patience;
    private final Clock clock;
    private @Nullable Thread watcher;
    private @Nullable AdapterLease lease;
    private @Nullable AdapterDigest merged;
    private long seen = -1;

    /**
     * Looks at nothing yet.
     *
     * @param patience longest wait for the adapter to be fetched and loaded
     */
    public SoleAdapter(
            Engine engine,
            AdapterLeases leases,
            CatalogView names,
            Duration patience,
            Clock clock) {
        this.engine = engine;
        this.leases = leases;
        this.names = names;
        this.patience = patience;
        this.clock = clock;
    }

    /** Begins to watch the catalog. */
    public void start() {
        watcher = Thread.ofVirtual().name("sole-adapter").start(this::watch);
    }

    @Override
    public void close() {
        Thread thread = watcher;
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void watch() {
        try {
            while (true) {
                look();
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException e) {
            drop();
        }
    }

    /** Acts where the catalog has changed since the last look. */
    void look() throws InterruptedException {
        long now = names.sequence();
        if (!names.initialised() || now == seen) {
            return;
        }
        seen = now;
        Optional<AdapterDigest> sole = names.sole().map(ServedVersion::digest);
        if (sole.equals(Optional.ofNullable(merged))) {
            return;
        }
        drop();
        if (sole.isPresent()) {
            merge(sole.get());
        }
    }

    private void merge(AdapterDigest digest) throws InterruptedException {
        try {
            lease = leases.lease(digest, Deadline.after(patience, clock));
            if (engine.merge(digest)) {
                merged = digest;
                LOG.info("adapter {} is the only one: merged", digest.abbreviated());
                return;
            }
        } catch (ApiException | EngineException e) {
            LOG.warn("adapter {} is not merged: {}", digest.abbreviated(), e.getMessage());
        }
        release();
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
