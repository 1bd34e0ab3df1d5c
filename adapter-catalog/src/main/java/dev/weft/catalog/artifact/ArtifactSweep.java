package dev.weft.catalog.artifact;

import dev.weft.catalog.database.DatabaseException;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes artifacts that no version needs. An artifact that was put within the grace period always
 * stays, since its version may be about to be written. A version says what it needs before it puts
 * or finds it, and {@link ArtifactStore#remove} asks again while the artifact is hidden. So no
 * artifact is removed that a version relies on. One loop runs between start and close.
 */
final class ArtifactSweep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ArtifactSweep.class);
    private static final Duration LONGEST_PERIOD = Duration.ofHours(1);

    private final ArtifactStore store;
    private final Supplier<Set<AdapterDigest>> needed;
    private final Duration grace;
    private final Clock clock;
    private final Loop loop;
    private boolean begun;

    /**
     * Creates a sweep, which doesn't run yet.
     *
     * @param needed the artifacts that versions need now
     */
    ArtifactSweep(
            ArtifactStore store,
            Supplier<Set<AdapterDigest>> needed,
            Duration grace,
            Clock clock,
            Loops loops) {
        this.store = store;
        this.needed = needed;
        this.grace = grace;
        this.clock = clock;
        this.loop = loops.loop("artifact-sweep", this::turn);
    }

    /** Starts to sweep periodically until it is closed. */
    void start() {
        loop.start();
    }

    private Duration turn() {
        Duration period = grace.compareTo(LONGEST_PERIOD) < 0 ? grace : LONGEST_PERIOD;
        if (!begun) {
            begun = true; // no sweep at the start, which is busy enough
            return period;
        }
        try {
            sweep();
        } catch (IOException | DatabaseException e) {
            LOG.warn("artifacts can't be swept now: {}", e.getMessage());
        }
        return period;
    }

    /**
     * Removes artifacts that aren't needed any more.
     *
     * @return how many were removed
     */
    int sweep() throws IOException {
        Instant newest = clock.instant().minus(grace);
        Set<AdapterDigest> keep = needed.get();
        int removed = 0;
        for (Kept kept : store.list()) {
            AdapterDigest digest = kept.digest();
            if (kept.put().isBefore(newest)
                    && !keep.contains(digest)
                    && store.remove(digest, () -> !needed.get().contains(digest))) {
                removed++;
                LOG.info("artifact {} is removed: no version needs it", digest);
            }
        }
        return removed;
    }

    @Override
    public void close() {
        loop.close();
    }
}
