package dev.weft.catalog.alias;

import dev.weft.catalog.adapter.AdapterRow;
import dev.weft.catalog.adapter.AdapterTable;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.audit.AuditTable;
import dev.weft.catalog.audit.AuditedChange;
import dev.weft.catalog.base.BaseNames;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.NewNames;
import dev.weft.catalog.database.Rows;
import dev.weft.catalog.fault.BadRequestException;
import dev.weft.catalog.fault.ConflictException;
import dev.weft.catalog.fault.NotFoundException;
import dev.weft.catalog.fault.TenantRoom;
import dev.weft.catalog.lifecycle.Lifecycle;
import dev.weft.catalog.version.AliasTarget;
import dev.weft.catalog.version.Version;
import dev.weft.catalog.version.VersionTable;
import dev.weft.protocol.adapter.AdapterId;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Sets, moves and rolls back aliases. A change is made only if its author saw the current revision.
 * The change, its event and its entry in the audit log are one transaction. Calls block. Safe for
 * any thread.
 */
public final class Aliases {
    private final Database database;
    private final Clock clock;
    private final Runnable committed;
    private final TenantRoom room;

    /**
     * @param committed called after each change
     * @param room how many aliases a tenant may have
     */
    public Aliases(Database database, Clock clock, Runnable committed, TenantRoom room) {
        this.database = database;
        this.clock = clock;
        this.committed = committed;
        this.room = room;
    }

    /**
     * The alias of that name.
     *
     * @throws NotFoundException if there is none
     */
    public Alias find(AdapterId id) {
        return database.transaction(
                tx -> alias(tx, AliasTable.find(tx, id).orElseThrow(() -> unknown(id))));
    }

    /** Aliases of a tenant whose names come after {@code after}, in order of their names. */
    public List<Alias> list(String tenant, String after, int limit) {
        return database.transaction(tx ->
                AliasTable.page(tx, tenant, after, limit).stream()
                        .map(row -> alias(tx, row))
                        .toList());
    }

    /**
     * Points the alias at these versions; creates it if it is new.
     *
     * @param targets at least one, no version twice, each Ready
     * @throws RevisionException if it isn't the revision that its author saw
     * @throws AliasTargetException if the alias can't point at a target; says which and why
     * @throws ConflictException if it is new and its tenant has no room
     * @throws BadRequestException if it is new and a base has its name
     */
    public Alias set(Actor actor, AdapterId id, Expected expected, List<AliasTarget> targets) {
        var change = new AliasChange(id, expected, targets, AliasChange.Kind.LASTING);
        return change(tx -> set(tx, actor, change));
    }

    /** Points an alias within a transaction of the caller. After it, the caller wakes the feed. */
    public Alias set(JdbcClient tx, Actor actor, AliasChange change) {
        AdapterId id = change.alias();
        Optional<AliasRow> found = AliasTable.lock(tx, id);
        change.expected().check(what(id), found.map(AliasRow::revision).orElse(0L));
        Instant now = Rows.now(clock);
        AliasRow row = found.orElseGet(() -> insert(tx, id, now));
        @Nullable Object before = found.map(f -> state(alias(tx, f))).orElse(null);
        var next =
                new AliasHistory.Revision(
                        AliasHistory.before(tx, row, change.kind()).orElse(null),
                        change.kind() == AliasChange.Kind.STEP,
                        change.targets());
        Alias after = point(tx, row, next);
        AuditTable.write(tx, AuditedChange.of(actor, "alias.set", id), now, before, state(after));
        return after;
    }

    private AliasRow insert(JdbcClient tx, AdapterId id, Instant now) {
        NewNames.lock(tx);
        BaseNames.in(tx).check(id);
        room.check(id.tenant(), AliasTable.count(tx, id.tenant()));
        return AliasTable.insert(tx, id, now);
    }

    /** The alias of that name, if there is one, within a transaction of the caller's. */
    public Optional<Alias> find(JdbcClient tx, AdapterId id) {
        return AliasTable.find(tx, id).map(row -> alias(tx, row));
    }

    /** The alias of a name, which nobody else changes until the transaction ends. */
    public Optional<Alias> lock(JdbcClient tx, AdapterId id) {
        return AliasTable.lock(tx, id).map(row -> alias(tx, row));
    }

    /** True if an alias of that tenant may point at the version. */
    public boolean isReady(JdbcClient tx, String tenant, String adapter, int version) {
        return AdapterTable.find(tx, new AdapterId(tenant, adapter))
                .flatMap(row -> VersionTable.live(tx, row.id(), version))
                .filter(found -> found.lifecycle() instanceof Lifecycle.Ready)
                .isPresent();
    }

    /**
     * Points the alias at its targets before the last change, or at those of an earlier revision. A
     * rollout is one change, whatever its steps were.
     *
     * @param to the revision; null for the one before
     * @throws NotFoundException if there is no such alias
     * @throws RevisionException if it isn't the revision that its author saw
     * @throws AliasTargetException if a version that it pointed at is no longer Ready
     * @throws ConflictException if there is nothing to roll back to
     */
    public Alias rollBack(Actor actor, AdapterId id, Expected expected, @Nullable Long to) {
        return change(tx -> {
            AliasRow row = AliasTable.lock(tx, id).orElseThrow(() -> unknown(id));
            expected.check(what(id), row.revision());
            Alias before = alias(tx, row);
            long revision = to == null ? before(tx, row) : to;
            AliasHistory.Revision target =
                    AliasHistory.find(tx, row, revision)
                            .orElseThrow(() ->
                                    new ConflictException(
                                            what(id) + " has no revision " + revision));
            var next = new AliasHistory.Revision(target.backTo(), false, target.targets());
            Alias after = point(tx, row, next);
            AuditTable.write(
                    tx,
                    AuditedChange.of(actor, "alias.rollback", id),
                    Rows.now(clock),
                    state(before),
                    state(after));
            return after;
        });
    }

    /**
     * Removes the alias; an adapter of that name follows its newest version again.
     *
     * @throws NotFoundException if there is no such alias
     * @throws RevisionException if it isn't the revision that its author saw
     */
    public void delete(Actor actor, AdapterId id, Expected expected) {
        change(tx -> {
            AliasRow row = AliasTable.lock(tx, id).orElseThrow(() -> unknown(id));
            expected.check(what(id), row.revision());
            AdapterTable.lock(tx, id); // what the name leads to then must not change meanwhile
            Alias before = alias(tx, row);
            AliasTable.delete(tx, row);
            Publication.refresh(tx, row, true);
            AuditTable.write(
                    tx,
                    AuditedChange.of(actor, "alias.delete", id),
                    Rows.now(clock),
                    state(before),
                    null);
            return before;
        });
    }

    private static long before(JdbcClient tx, AliasRow row) {
        return AliasHistory.find(tx, row, row.revision())
                .flatMap(revision -> Optional.ofNullable(revision.backTo()))
                .orElseThrow(() ->
                        new ConflictException(
                                what(row.alias()) + " has pointed at nothing else before"));
    }

    private Alias point(JdbcClient tx, AliasRow row, AliasHistory.Revision next) {
        List<AliasTarget> targets = next.targets();
        AliasRow revised = AliasTable.revise(tx, row, Rows.now(clock));
        AliasTable.clearTargets(tx, row);
        boolean ofAdapter = AdapterTable.find(tx, row.alias()).isPresent();
        Set<String> seen = new HashSet<>();
        for (int place = 0; place < targets.size(); place++) {
            AliasTarget target = targets.get(place);
            if (ofAdapter && !target.adapter().equals(row.alias().name())) {
                throw new AliasTargetException(
                        place,
                        target,
                        "versions of '"
                                + row.alias().name()
                                + "', since the alias has that adapter's name");
            }
            if (!seen.add(target.adapter() + '@' + target.version())) {
                throw new AliasTargetException(place, target, "each version once");
            }
            AliasTable.addTarget(tx, row, place, ready(tx, row, place, target), target);
        }
        AliasHistory.add(tx, revised, next);
        Publication.refresh(tx, revised, false);
        return new Alias(revised.alias(), revised.revision(), targets, revised.updated());
    }

    private static AdapterRow ready(JdbcClient tx, AliasRow alias, int place, AliasTarget target) {
        AdapterRow adapter =
                AdapterTable.lock(tx, new AdapterId(alias.alias().tenant(), target.adapter()))
                        .orElseThrow(() ->
                                new AliasTargetException(
                                        place, target, "adapters of the alias's tenant"));
        Optional<Version> version = VersionTable.live(tx, adapter.id(), target.version());
        if (version.filter(v -> v.lifecycle() instanceof Lifecycle.Ready).isEmpty()) {
            List<String> allowed =
                    VersionTable.of(tx, adapter.id()).stream()
                            .filter(v -> v.lifecycle() instanceof Lifecycle.Ready)
                            .map(v -> String.valueOf(v.number()))
                            .toList();
            throw new AliasTargetException(
                    place,
                    target,
                    "versions that are Ready: "
                            + (allowed.isEmpty() ? "there are none" : String.join(", ", allowed)));
        }
        return adapter;
    }

    private Alias change(java.util.function.Function<JdbcClient, Alias> work) {
        Alias result = database.transaction(work);
        committed.run();
        return result;
    }

    private static Alias alias(JdbcClient tx, AliasRow row) {
        return new Alias(row.alias(), row.revision(), AliasTable.targets(tx, row), row.updated());
    }

    private static Map<String, Object> state(Alias alias) {
        return Map.of("revision", alias.revision(), "targets", alias.targets());
    }

    private static String what(AdapterId id) {
        return "alias '" + id.name() + "'";
    }

    private static NotFoundException unknown(AdapterId id) {
        return new NotFoundException("there is no alias '" + id.name() + "'");
    }
}
