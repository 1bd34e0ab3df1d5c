package dev.weft.inference.server.residency;

import dev.weft.inference.engine.Engine;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.server.residency.artifact.Deadline;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.ServedVersion;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the engine merge the adapter of a base that has only one, and unmerge it when a second comes
 * or the only one goes. The adapter is leased as long as it is merged. One loop.
 */
public final class SoleAdapter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SoleAdapter.class);

    /** How soon a change of the catalog is noticed; looking costs one read of a field. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Engine engine;
    private final AdapterLeases leases;
    private final CatalogView names;
    private final String base;
    private final Duration patience;
    private final Loop loop;
    private @Nullable AdapterLease lease;
    private @Nullable AdapterDigest merged;
    private long seen = -1;

    /**
     * Looks at nothing yet.
     *
     * @param base the clients' name of the base that the engine runs
     * @param patience longest wait for the adapter to be fetched and loaded
     * @param loops the worker's
     */
    SoleAdapter(
            Engine engine,
            AdapterLeases leases,
            CatalogView names,
            String base,
            Duration patience,
            Loops loops) {
        this.engine = engine;
        this.leases = leases;
        this.names = names;
        this.base = base;
        this.patience = patience;
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

    /** Acts if the catalog has changed since the last look. */
    void look() throws InterruptedException {
        long now = names.sequence();
        if (!names.initialised() || now == seen) {
            return;
        }
        Optional<AdapterDigest> sole = names.sole(base).map(ServedVersion::digest);
        if (!sole.equals(Optional.ofNullable(merged))) {
            drop();
            if (sole.isPresent()) {
                merge(sole.get());
            }
        }
        seen = now;
    }

    private void merge(AdapterDigest digest) throws InterruptedException {
        try {
            lease = leases.lease(digest, Deadline.after(patience));
            if (engine.merge(digest)) {
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
