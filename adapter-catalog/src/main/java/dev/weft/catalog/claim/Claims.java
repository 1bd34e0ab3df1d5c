package dev.weft.catalog.claim;

import dev.weft.catalog.database.DatabaseException;
import dev.weft.catalog.version.Version;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which versions this catalog ingests, among the catalogs on the same database. A loop renews the
 * claims of running jobs. It also looks for unclaimed versions: a catalog registered them while all
 * its places were taken, or died and left them. Jobs whose versions nobody wants any more are told.
 */
public final class Claims implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Claims.class);
    private static final Duration LOOK = IngestLedger.LEASE.dividedBy(5);

    /** The most versions for one look; the next look finds more. */
    private static final int BATCH = 50;

    /** The most ids for one look; the next look goes on behind them. */
    private static final int IDS = 1_000;

    private final IngestLedger ledger;
    private final Set<Long> known;
    private final Set<Long> held = ConcurrentHashMap.newKeySet();
    private final LongConsumer over;
    private final Loop loop;

    /** The last id that a look came to, 0 at the beginning. Only the loop uses it. */
    private long looked;

    /**
     * Creates the claims of this catalog.
     *
     * @param known ids of the versions that wait or are at work here; each look skips those of that
     *     moment, however many they are
     * @param found gets versions that may be claimed, again and again until they are known
     * @param over gets claimed versions that nobody wants any more, again and again until their
     *     jobs have ended
     */
    public Claims(
            IngestLedger ledger,
            Set<Long> known,
            Consumer<Version> found,
            LongConsumer over,
            Loops loops) {
        this.ledger = ledger;
        this.known = known;
        this.over = over;
        this.loop = loops.loop("claims", () -> keep(found));
    }

    public void start() {
        loop.start();
    }

    /** Claims the version; true if this catalog, and no other, ingests it until it gives it up. */
    public boolean take(long version) {
        if (!ledger.claim(version)) {
            return false;
        }
        held.add(version);
        return true;
    }

    /** The job has ended. */
    public void drop(long version) {
        held.remove(version);
    }

    /** The job was stopped; others may take it over at once, or when the claim has run out. */
    public void release(long version) {
        if (held.remove(version)) {
            try {
                ledger.release(version);
            } catch (DatabaseException e) {
                LOG.debug("the claim of version {} runs out by itself", version, e);
            }
        }
    }

    private Duration keep(Consumer<Version> found) {
        ledger.renew(held).forEach(over::accept);
        List<Long> ids = ledger.claimable(looked, IDS);
        int news = 0;
        for (long id : ids) {
            looked = id;
            if (!known.contains(id)) {
                found.accept(ledger.version(id));
                news++;
            }
            if (news == BATCH) {
                return LOOK;
            }
        }
        if (ids.size() < IDS) {
            looked = 0;
        }
        return LOOK;
    }

    @Override
    public void close() {
        loop.close();
    }
}
