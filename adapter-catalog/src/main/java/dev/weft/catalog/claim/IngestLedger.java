package dev.weft.catalog.claim;

import dev.weft.catalog.adapter.AdapterRow;
import dev.weft.catalog.adapter.AdapterTable;
import dev.weft.catalog.adapter.Naming;
import dev.weft.catalog.adapter.Succession;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.lifecycle.Content;
import dev.weft.catalog.lifecycle.Lifecycle;
import dev.weft.catalog.lifecycle.Transitions;
import dev.weft.catalog.version.Version;
import dev.weft.catalog.version.VersionTable;
import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.adapter.VersionState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What ingest reports. Every step checks that the version is still under way: its name may have
 * been removed meanwhile, or another catalog on the same database may have taken it over, and then
 * nothing is written. Blocking, safe for any thread.
 */
public final class IngestLedger {
    /**
     * How long a claim holds unless it is renewed: a catalog that dies delays what it had begun by
     * no more than this.
     */
    public static final Duration LEASE = Duration.ofSeconds(10);

    private final Database database;
    private final Naming names;
    private final String owner;
    private final Clock clock;
    private final Runnable committed;

    /**
     * @param owner names this catalog among those on the same database
     */
    public IngestLedger(
            Database database, Naming names, String owner, Clock clock, Runnable committed) {
        this.database = database;
        this.names = names;
        this.owner = owner;
        this.clock = clock;
        this.committed = committed;
    }

    /** Versions under way, oldest first. */
    public List<Version> unfinished() {
        return database.transaction(VersionTable::working);
    }

    /** Ids of versions under way that this catalog may claim, oldest first. */
    public List<Long> claimable(int limit) {
        return database.transaction(tx -> ClaimTable.free(tx, owner, limit));
    }

    /** True where this catalog takes the version in, and no other one does. */
    public boolean claim(long version) {
        return database.transaction(tx -> ClaimTable.claim(tx, owner, version));
    }

    /** Holds on to claims for another {@link #LEASE}. */
    public void renew(Collection<Long> versions) {
        List<Long> held = List.copyOf(versions); // jobs end meanwhile
        if (!held.isEmpty()) {
            database.transaction(tx -> {
                ClaimTable.renew(tx, owner, held);
                return held;
            });
        }
    }

    /** Lets others take a version in that was not finished here. */
    public void release(long version) {
        database.transaction(tx -> {
            ClaimTable.release(tx, owner, version);
            return version;
        });
    }

    /** A process begins to check the version: the how many-th it is that has, or this one again. */
    public int attempt(long version) {
        return database.transaction(tx -> AttemptTable.count(tx, version, 1));
    }

    /** It stops that on purpose. */
    public void leave(long version) {
        database.transaction(tx -> AttemptTable.count(tx, version, -1));
    }

    /** A version as it is now. */
    public Version version(long id) {
        return database.transaction(tx -> VersionTable.get(tx, id));
    }

    /** Its files are being fetched; false where it is not under way any more. */
    public boolean fetching(long version) {
        return step(version, new Lifecycle.Fetching());
    }

    /** Its files are here; false where it is not under way any more. */
    public boolean validating(long version, @Nullable String resolvedRevision) {
        return database.transaction(tx -> {
            if (!advance(tx, version, new Lifecycle.Validating())) {
                return false;
            }
            VersionTable.resolved(tx, version, resolvedRevision);
            return true;
        });
    }

    /** It fits; false where it is not under way any more. */
    public boolean converting(long version) {
        return step(version, new Lifecycle.Converting());
    }

    /** It can't be served; false where it is not under way any more. */
    public boolean reject(long version, List<Reason> reasons) {
        return database.transaction(tx -> {
            Version found = lock(tx, version);
            if (!mayWork(tx, found)) {
                return false;
            }
            VersionTable.rejected(tx, found, reasons, now());
            return true;
        });
    }

    /**
     * Its artifact is stored. The name stands for it from now on, unless a newer registration has
     * come out already, or the name stands for the same content.
     *
     * @param content with the time it became ready
     * @return the version that stands for this registration; empty where it is not under way any
     *     more
     */
    public Optional<Version> publish(long version, Content content, List<Reason> warnings) {
        Optional<Version> result =
                database.transaction(tx -> publish(tx, version, content, warnings));
        committed.run();
        return result;
    }

    private Optional<Version> publish(
            JdbcClient tx, long id, Content content, List<Reason> warnings) {
        AdapterRow adapter = AdapterTable.lock(tx, VersionTable.adapterOf(tx, id));
        Version version = VersionTable.get(tx, id);
        if (!mayWork(tx, version)) {
            return Optional.empty();
        }
        VersionTable.number(tx, adapter.id(), id, content);
        VersionTable.content(tx, id, content, warnings);
        VersionTable.state(tx, version, new Lifecycle.Ready(content), now());
        return Optional.of(
                new Succession(tx, names, now()).of(adapter, VersionTable.get(tx, id), content));
    }

    private boolean step(long version, Lifecycle next) {
        return database.transaction(tx -> advance(tx, version, next));
    }

    /** A step that was made before a restart counts as made. */
    private boolean advance(JdbcClient tx, long id, Lifecycle next) {
        Version version = lock(tx, id);
        if (!mayWork(tx, version)) {
            return false;
        }
        VersionState state = version.lifecycle().state();
        if (state.compareTo(next.state()) < 0) {
            VersionTable.state(tx, version, next, now());
        }
        return true;
    }

    private static Version lock(JdbcClient tx, long id) {
        AdapterTable.lock(tx, VersionTable.adapterOf(tx, id));
        return VersionTable.get(tx, id);
    }

    private boolean mayWork(JdbcClient tx, Version version) {
        return Transitions.isWorking(version.lifecycle().state())
                && !ClaimTable.isAnothers(tx, owner, version.id());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
