package dev.weft.catalog.worker;

import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.DatabaseException;
import dev.weft.catalog.database.Rows;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets workers that have not reported for a week, and their orders: a worker that keeps no data
 * folder has another id after each start. A worker that comes back later is new. Several catalogs
 * of one database may do so at once. One loop runs between start and close.
 */
final class WorkerRetention implements AutoCloseable {
    static final Duration REMEMBERED = Duration.ofDays(7);
    static final int BATCH = 200;

    private static final Logger LOG = LoggerFactory.getLogger(WorkerRetention.class);
    private static final Duration PERIOD = Duration.ofHours(1);

    /** A pause between two batches, in which workers report. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Database database;
    private final Clock clock;
    private final Loop loop;

    // Only the loop's thread uses this.
    private boolean begun;

    WorkerRetention(Database database, Clock clock, Loops loops) {
        this.database = database;
        this.clock = clock;
        this.loop = loops.loop("worker-retention", this::turn);
    }

    /** Starts to forget periodically until it is closed. */
    void start() {
        loop.start();
    }

    private Duration turn() {
        if (!begun) {
            begun = true; // not at the start, which is busy enough
            return PERIOD;
        }
        try {
            return forget().size() < BATCH ? PERIOD : PAUSE;
        } catch (DatabaseException e) {
            LOG.warn("workers that are gone can't be forgotten now: {}", e.getMessage());
            return PERIOD;
        }
    }

    /**
     * Forgets some of the workers that are gone.
     *
     * @return their ids; {@link #BATCH} if there may be more
     */
    List<String> forget() {
        Instant before = Rows.now(clock).minus(REMEMBERED);
        List<String> gone =
                database.transaction(tx -> {
                    List<String> silent = WorkerTable.lockSilent(tx, before, BATCH);
                    OrderTable.deleteOf(tx, silent);
                    WorkerTable.delete(tx, silent);
                    return silent;
                });
        if (!gone.isEmpty()) {
            LOG.info("workers {} are forgotten: no report since {}", gone, before);
        }
        return gone;
    }

    @Override
    public void close() {
        loop.close();
    }
}
