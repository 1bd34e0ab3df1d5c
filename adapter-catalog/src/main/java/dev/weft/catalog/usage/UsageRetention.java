package dev.weft.catalog.usage;

import dev.weft.catalog.database.DatabaseException;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes usage that is kept no longer, in batches that hold up no gateway. Several catalogs of one
 * database may do so at once. One loop runs between start and close.
 */
public final class UsageRetention implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UsageRetention.class);
    private static final Duration PERIOD = Duration.ofHours(1);

    /** A pause between two batches, in which gateways book theirs. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    static final int BATCH = 2_000;

    private final UsageBooks books;
    private final Loop loop;

    // Only the loop's thread uses these.
    private boolean begun;
    private long removed;

    public UsageRetention(UsageBooks books, Loops loops) {
        this.books = books;
        this.loop = loops.loop("usage-retention", this::turn);
    }

    /** Starts to remove periodically until it is closed. */
    public void start() {
        loop.start();
    }

    private Duration turn() {
        if (!begun) {
            begun = true; // not at the start, which is busy enough
            return PERIOD;
        }
        try {
            int rows = books.forget(BATCH);
            removed += rows;
            if (rows >= BATCH) {
                return PAUSE;
            }
        } catch (DatabaseException e) {
            LOG.warn("usage can't be removed now: {}", e.getMessage());
        }
        if (removed > 0) {
            LOG.info("{} rows of usage before {} are removed", removed, books.firstDay());
            removed = 0;
        }
        return PERIOD;
    }

    @Override
    public void close() {
        loop.close();
    }
}
