package dev.weft.catalog.claim;

import dev.weft.catalog.adapter.AdapterRow;
import dev.weft.catalog.adapter.AdapterTable;
import dev.weft.catalog.adapter.Naming;
import dev.weft.catalog.adapter.Succession;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.Rows;
import dev.weft.catalog.lifecycle.Content;
import dev.weft.catalog.lifecycle.Lifecycle;
import dev.weft.catalog.lifecycle.Transitions;
import dev.weft.catalog.version.Version;
import dev.weft.catalog.version.VersionTable;
import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.adapter.VersionState;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Records what ingest reports. Every step checks that the version is still being ingested. If its
 * name has been removed, or another catalog on the same database has taken it over, nothing is
 * written. Calls block. Safe for any thread.
 */
public final class IngestLedger {
    /**
     * How long a claim holds unless it is renewed. A catalog that dies delays the versions it had
     * claimed by no more than this.
     */
    public static final Duration LEASE = Duration.ofSeconds(10);

    private final Database database;
    private final Naming names;
    private final String owner;
    private final Clock clock;
    private final Runnable committed;

    /**
     * Creates the ledger of one catalog.
     *
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

    /** Versions that aren't finished, oldest first. */
    public List<Version> unfinished() {
        return database.transaction(VersionTable::working);
    }

    /** Ids above {@code after} of unfinished versions that this catalog may claim, oldest first. */
    public List<Long> claimable(long after, int limit) {
        return database.transaction(tx -> ClaimTable.free(tx, owner, after, limit));
    }

    /** Claims the version; true if this catalog, and no other, ingests it now. */
    public boolean claim(long version) {
        return database.transaction(tx -> ClaimTable.claim(tx, owner, version));
    }

    /**
     * Renews claims for another {@link #LEASE}.
     *
     * @return those of them that nobody wants any more: they were rejected, as when their name is
     *     removed, or another catalog has taken them over
     */
    public List<Long> renew(Collection<Long> versions) {
        List<Long> held = new ArrayList<>(versions); // jobs end meanwhile
        if (!held.isEmpty()) {
            held.removeAll(
                    database.transaction(tx -> {
                        ClaimTable.renew(tx, owner, held);
                        return Set.copyOf(ClaimTable.wanted(tx, owner, held));
                    }));
        }
        return held;
    }

    /** Gives up the claim on an unfinished version, so that another catalog can ingest it. */
    public void release(long version) {
        database.transaction(tx -> {
            ClaimTable.release(tx, owner, version);
            return version;
        });
    }

    /**
     * Counts a process that begins to check the version, perhaps this one again; returns the count.
     */
    public int attempt(long version) {
        return database.transaction(tx -> AttemptTable.count(tx, version, 1));
    }

    /** Takes this process off the count, because it stops the check on purpose. */
    public void leave(long version) {
        database.transaction(tx -> AttemptTable.count(tx, version, -1));
    }

    /** A version as it is now. */
    public Version version(long id) {
        return database.transaction(tx -> VersionTable.get(tx, id));
    }

    /**
     * Notes that a version's files are being fetched; false if it isn't being ingested any more.
     */
    public boolean fetching(long version) {
        return step(version, new Lifecycle.Fetching());
    }

    /** Notes that a version's files are here; false if it isn't being ingested any more. */
    public boolean validating(long version, @Nullable String resolvedRevision) {
        return database.transaction(tx -> {
            if (!advance(tx, version, new Lifecycle.Validating())) {
                return false;
            }
            VersionTable.resolved(tx, version, resolvedRevision);
            return true;
        });
    }

    /**
     * The base of a version's adapter, if its owner has said it or an earlier version has shown it.
     */
    public Optional<Long> base(long version) {
        return database.transaction(tx ->
                Optional.ofNullable(
                        AdapterTable.lock(tx, VersionTable.adapterOf(tx, version)).base()));
    }

    /** Makes that base the base of a version's adapter; false if the adapter has another one. */
    public boolean belongs(long version, long base) {
        return database.transaction(tx -> {
            AdapterRow adapter = AdapterTable.lock(tx, VersionTable.adapterOf(tx, version));
            Long known = adapter.base();
            if (known == null) {
                AdapterTable.belongs(tx, adapter, base);
            }
            return known == null || known == base;
        });
    }

    /** Notes that a version fits its base; false if it isn't being ingested any more. */
    public boolean converting(long version) {
        return step(version, new Lifecycle.Converting());
    }

    /** Notes that a version can't be served; false if it isn't being ingested any more. */
    public boolean reject(long version, List<Reason> reasons) {
        boolean result =
                database.transaction(tx -> {
                    AdapterRow adapter = AdapterTable.lock(tx, VersionTable.adapterOf(tx, version));
                    Version found = VersionTable.get(tx, version);
                    if (!mayWork(tx, found)) {
                        return false;
                    }
                    VersionTable.rejected(tx, found, reasons, Rows.now(clock));
                    names.settled(tx, adapter);
                    return true;
                });
        committed.run();
        return result;
    }

    /**
     * Notes that a version's artifact is stored. The name leads to it from now on, unless a newer
     * registration is ready already, or the name leads to the same content.
     *
     * @param content with the time it became ready
     * @return the version that stands for this registration; empty if it isn't being ingested any
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
        VersionTable.state(tx, version, new Lifecycle.Ready(content), Rows.now(clock));
        Version standsFor =
                new Succession(tx, names, Rows.now(clock))
                        .of(adapter, VersionTable.get(tx, id), content);
        if (!(standsFor.lifecycle() instanceof Lifecycle.Ready)) {
            names.settled(tx, adapter);
        }
        return Optional.of(standsFor);
    }

    private boolean step(long version, Lifecycle next) {
        return database.transaction(tx -> advance(tx, version, next));
    }

    /**
     * Goes to {@code next}; a step that was taken before a restart counts as taken. False if the
     * version isn't being ingested any more, or another catalog has claimed it.
     */
    private boolean advance(JdbcClient tx, long id, Lifecycle next) {
        Version version = lock(tx, id);
        if (!mayWork(tx, version)) {
            return false;
        }
        VersionState state = version.lifecycle().state();
        if (state.compareTo(next.state()) < 0) {
            VersionTable.state(tx, version, next, Rows.now(clock));
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
}
