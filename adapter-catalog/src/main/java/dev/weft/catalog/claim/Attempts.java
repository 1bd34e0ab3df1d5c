package dev.weft.catalog.claim;

import dev.weft.catalog.database.DatabaseException;
import dev.weft.catalog.fetch.RejectedException;
import dev.weft.protocol.adapter.Reason;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the processes that began to check a version and died before the result. Otherwise an
 * adapter that crashes its catalog would crash every later one, for ever. A catalog that is
 * stopped, or waits for its database, isn't counted. Safe for any thread.
 */
public final class Attempts {
    public static final String CODE = "INGEST_ABORTED";

    /**
     * The most processes that may die. An adapter whose check kills the process ends the checks
     * beside it too, so a few deaths say little about one version.
     */
    static final int MOST = 8;

    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    private final IngestLedger ledger;

    /** Versions for which this process is counted. */
    private final Set<Long> counted = ConcurrentHashMap.newKeySet();

    /** A wait for another machine. */
    public interface Waiting<T> {
        T get() throws RejectedException, IOException, InterruptedException;
    }

    public Attempts(IngestLedger ledger) {
        this.ledger = ledger;
    }

    /**
     * Begins to read the version's files: the search for its base, the check and the conversion.
     *
     * @throws RejectedException if it has ended too many processes
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
                                    "it could not be ingested: "
                                            + (attempt - 1)
                                            + " processes ended while they checked it; the log of"
                                            + " the last one may say why")));
        }
    }

    /**
     * Waits within what was begun, perhaps for hours. A process that ends meanwhile isn't counted.
     *
     * @throws RejectedException if the wait ends so, or as {@link #begin} does
     */
    public <T> T uncounted(long version, Waiting<T> waiting)
            throws RejectedException, IOException, InterruptedException {
        stopped(version);
        T result = waiting.get();
        begin(version);
        return result;
    }

    /** The result of the version is known. */
    public void over(long version) {
        counted.remove(version);
    }

    /** The work on the version was stopped on purpose. */
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
