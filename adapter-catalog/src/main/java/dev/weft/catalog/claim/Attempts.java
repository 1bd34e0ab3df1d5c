package dev.weft.catalog.claim;

import dev.weft.catalog.database.DatabaseException;
import dev.weft.catalog.fetch.RejectedException;
import dev.weft.protocol.adapter.Reason;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many processes have begun to check a version and did not live to say what came of it. An
 * adapter that takes its catalog down would else take every one down that follows, for ever. A
 * catalog that is stopped, or waits for its database, counts nothing. Any thread.
 */
public final class Attempts {
    public static final String CODE = "INGEST_ABORTED";

    /**
     * Processes that may end. An adapter that does not live through being checked takes along what
     * is checked beside it each time, so that a few ends say little about one version.
     */
    static final int MOST = 8;

    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    private final IngestLedger ledger;

    /** Versions that this process has counted itself for. */
    private final Set<Long> counted = ConcurrentHashMap.newKeySet();

    public Attempts(IngestLedger ledger) {
        this.ledger = ledger;
    }

    /**
     * The version is checked and converted now.
     *
     * @throws RejectedException where it has ended too many processes
     */
    public void begin(long version) throws RejectedException {
        if (counted.contains(version)) {
            return;
        }
        int attempt = ledger.attempt(version);
        counted.add(version);
        if (attempt > MOST) {
            throw new RejectedException(
                    List.of(
                            new Reason(
                                    CODE,
                                    null,
                                    null,
                                    String.valueOf(attempt - 1),
                                    "fewer than " + MOST,
                                    "it could not be taken in: "
                                            + (attempt - 1)
                                            + " processes ended while they checked it; the log of"
                                            + " the last one may say why")));
        }
    }

    /** It is known what came of it. */
    public void over(long version) {
        counted.remove(version);
    }

    /** It was left as it is, on purpose. */
    public void stopped(long version) {
        if (counted.remove(version)) {
            try {
                ledger.leave(version);
            } catch (DatabaseException e) {
                LOG.debug("version {} counts this stop as an end", version, e);
            }
        }
    }
}
