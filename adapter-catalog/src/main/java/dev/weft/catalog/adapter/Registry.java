package dev.weft.catalog.adapter;

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
import dev.weft.catalog.lifecycle.Transitions;
import dev.weft.catalog.version.Version;
import dev.weft.catalog.version.VersionTable;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.Audience;
import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.repository.RepositoryRef;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The operations of owners: register, look at, share, disable, enable and remove. Each change and
 * its event are one transaction; {@code committed} is called after it. Calls block. Safe for any
 * thread.
 */
public final class Registry {
    private static final Reason REMOVED =
            new Reason(
                    "REMOVED",
                    null,
                    null,
                    null,
                    null,
                    "the adapter was removed before its files were checked");

    private final Database database;
    private final Naming names;
    private final Clock clock;
    private final Runnable committed;
    private final TenantRoom room;

    /**
     * @param committed called after each change
     * @param room how many adapters a tenant may have
     */
    public Registry(
            Database database, Naming names, Clock clock, Runnable committed, TenantRoom room) {
        this.database = database;
        this.names = names;
        this.clock = clock;
        this.committed = committed;
        this.room = room;
    }

    /** Writes a new version of the name; the catalog finds its base. */
    public Version register(Actor actor, AdapterId id, RepositoryRef ref) {
        return register(actor, id, ref, null);
    }

    /**
     * Writes a new version of the name; creates the name if it is new.
     *
     * @param base id of its base; null if the catalog is to find it
     * @throws ConflictException if the name is new and an alias has it or its tenant has no room,
     *     or if its versions are of another base
     * @throws BadRequestException if the name is new and a base has it
     */
    public Version register(Actor actor, AdapterId id, RepositoryRef ref, @Nullable Long base) {
        Version registered =
                database.transaction(tx -> {
                    Instant now = Rows.now(clock);
                    AdapterRow adapter =
                            AdapterTable.lock(tx, id).orElseGet(() -> insert(tx, id, now));
                    if (base != null && !base.equals(adapter.base())) {
                        requireNoVersions(tx, adapter);
                        AdapterTable.belongs(tx, adapter, base);
                    }
                    long version = VersionTable.insert(tx, adapter.id(), ref, now);
                    VersionTable.replaceRejected(tx, adapter.id(), ref, version);
                    audit(
                            tx,
                            AuditedChange.of(actor, "adapter.register", id),
                            null,
                            Map.of("id", version, "from", ref.toString()));
                    Version made = VersionTable.get(tx, version);
                    names.coming(tx, adapter); // last, since others wait for the feed's position
                    return made;
                });
        committed.run();
        return registered;
    }

    /** Throws if a version is not Rejected: the base of the adapter can't change then. */
    private static void requireNoVersions(JdbcClient tx, AdapterRow adapter) {
        boolean has =
                VersionTable.of(tx, adapter.id()).stream()
                        .anyMatch(v -> !(v.lifecycle() instanceof Lifecycle.Rejected));
        if (has) {
            throw new ConflictException(
                    "adapter '"
                            + adapter.adapter().name()
                            + "' has versions that are not of that base: register it under another"
                            + " name, or remove it first");
        }
    }

    private AdapterRow insert(JdbcClient tx, AdapterId id, Instant now) {
        NewNames.lock(tx);
        BaseNames.in(tx).check(id);
        if (names.isAlias(tx, id)) {
            throw new ConflictException(
                    "'" + id.name() + "' is an alias: an adapter needs another name");
        }
        room.check(id.tenant(), AdapterTable.count(tx, id.tenant()));
        return AdapterTable.insert(tx, id, now);
    }

    /**
     * The adapter of that name.
     *
     * @throws NotFoundException if there is none
     */
    public Adapter find(AdapterId id) {
        return database.transaction(
                tx -> adapter(tx, AdapterTable.find(tx, id).orElseThrow(() -> unknown(id))));
    }

    /**
     * The version that a registration led to: its own, or the one with the same content.
     *
     * @throws NotFoundException if there is none
     */
    public Version version(long id) {
        return database.transaction(tx -> VersionTable.get(tx, VersionTable.standIn(tx, id)));
    }

    /** Adapters of a tenant whose names come after {@code after}. */
    public AdapterPage list(String tenant, String after, int size) {
        return database.transaction(tx -> {
            List<AdapterRow> rows = AdapterTable.page(tx, tenant, after, size + 1);
            return new AdapterPage(
                    rows.stream().limit(size).map(row -> adapter(tx, row)).toList(),
                    rows.size() > size);
        });
    }

    /**
     * Withdraws the name, its pins and its part in aliases; its versions stay as they are. Nothing
     * happens if it is disabled already.
     *
     * @throws NotFoundException if there is no such name
     * @throws ConflictException if no version of it is Ready or Disabled
     */
    public Adapter disable(Actor actor, AdapterId id) {
        return change(
                id,
                (tx, adapter) -> {
                    requireCurrent(tx, adapter, "disabled");
                    Set<Integer> changed = new TreeSet<>();
                    for (Version version : VersionTable.of(tx, adapter.id())) {
                        if (version.lifecycle() instanceof Lifecycle.Ready(var content)) {
                            go(tx, version, new Lifecycle.Disabled(content), changed);
                        }
                    }
                    return changed(tx, actor, "adapter.disable", adapter, changed);
                });
    }

    /**
     * Publishes the name again. Nothing happens if it is Ready.
     *
     * @throws NotFoundException if there is no such name
     * @throws ConflictException if no version of it is Ready or Disabled
     */
    public Adapter enable(Actor actor, AdapterId id) {
        return change(
                id,
                (tx, adapter) -> {
                    requireCurrent(tx, adapter, "enabled");
                    Set<Integer> changed = new TreeSet<>();
                    for (Version version : VersionTable.of(tx, adapter.id())) {
                        if (version.lifecycle() instanceof Lifecycle.Disabled(var content)) {
                            go(tx, version, new Lifecycle.Ready(content), changed);
                        }
                    }
                    return changed(tx, actor, "adapter.enable", adapter, changed);
                });
    }

    private void go(JdbcClient tx, Version version, Lifecycle.Stored to, Set<Integer> changed) {
        VersionTable.state(tx, version, to, Rows.now(clock));
        Integer number = version.number();
        if (number != null) {
            changed.add(number);
        }
    }

    private Adapter changed(
            JdbcClient tx, Actor actor, String action, AdapterRow adapter, Set<Integer> numbers) {
        if (!numbers.isEmpty()) {
            names.changed(tx, adapter, numbers);
            audit(
                    tx,
                    AuditedChange.of(actor, action, adapter.adapter()),
                    null,
                    Map.of("versions", numbers));
        }
        return adapter(tx, adapter);
    }

    /**
     * Sets who may use an adapter besides its own tenant.
     *
     * @throws NotFoundException if there is no such name
     */
    public Adapter share(Actor actor, AdapterId id, Audience audience) {
        return change(
                id,
                (tx, adapter) -> {
                    AdapterTable.share(tx, adapter, audience);
                    AdapterRow shared = AdapterTable.lock(tx, adapter.id());
                    Set<Integer> all = new TreeSet<>();
                    VersionTable.of(tx, adapter.id()).stream()
                            .filter(v -> v.lifecycle() instanceof Lifecycle.Ready)
                            .flatMap(v -> Stream.ofNullable(v.number()))
                            .forEach(all::add);
                    if (!all.isEmpty() && !audience.equals(adapter.audience())) {
                        names.changed(tx, shared, all);
                    }
                    audit(
                            tx,
                            AuditedChange.of(actor, "adapter.share", id),
                            Map.of("sharedWith", adapter.audience().tenants()),
                            Map.of("sharedWith", audience.tenants()));
                    return adapter(tx, shared);
                });
    }

    /**
     * Withdraws the name and frees it, also an alias of that name. Unfinished versions end as
     * Rejected; Ready and Disabled ones end as Retired.
     *
     * @throws NotFoundException if there is no such name
     * @throws ConflictException if aliases of other names point at it
     */
    public void remove(Actor actor, AdapterId id) {
        change(
                id,
                (tx, adapter) -> {
                    names.release(tx, adapter);
                    List<Version> versions = VersionTable.of(tx, adapter.id());
                    versions.forEach(version -> end(tx, version));
                    if (versions.stream().anyMatch(Registry::isTold)) {
                        names.withdrawn(tx, id);
                    }
                    AdapterTable.release(tx, adapter);
                    audit(
                            tx,
                            AuditedChange.of(actor, "adapter.remove", id),
                            Map.of("versions", versions.stream().map(Version::id).toList()),
                            null);
                    return adapter;
                });
    }

    /** True if followers know the version, or know that it is coming. */
    private static boolean isTold(Version version) {
        return switch (version.lifecycle()) {
            case Lifecycle.Working _, Lifecycle.Ready _ -> true;
            case Lifecycle.Disabled _, Lifecycle.Rejected _, Lifecycle.Retired _ -> false;
        };
    }

    private void end(JdbcClient tx, Version version) {
        switch (version.lifecycle()) {
            case Lifecycle.Working _ ->
                    VersionTable.rejected(tx, version, List.of(REMOVED), Rows.now(clock));
            case Lifecycle.Ready(var content) ->
                    VersionTable.state(
                            tx, version, new Lifecycle.Retired(content), Rows.now(clock));
            case Lifecycle.Disabled(var content) ->
                    VersionTable.state(
                            tx, version, new Lifecycle.Retired(content), Rows.now(clock));
            case Lifecycle.Rejected _, Lifecycle.Retired _ -> {}
        }
    }

    private interface Work<T> {
        T apply(JdbcClient tx, AdapterRow adapter);
    }

    private <T> T change(AdapterId id, Work<T> work) {
        T result =
                database.transaction(tx ->
                        work.apply(tx, AdapterTable.lock(tx, id).orElseThrow(() -> unknown(id))));
        committed.run();
        return result;
    }

    private static void requireCurrent(JdbcClient tx, AdapterRow adapter, String wanted) {
        if (adapter.currentVersion() != null) {
            return;
        }
        Version newest = VersionTable.of(tx, adapter.id()).getFirst();
        boolean waiting = Transitions.isWorking(newest.lifecycle().state());
        throw new ConflictException(
                "adapter '"
                        + adapter.adapter().name()
                        + "' can't be "
                        + wanted
                        + ": its newest version "
                        + newest.id()
                        + " is "
                        + newest.lifecycle().state()
                        + "; allowed are Ready and Disabled"
                        + (waiting ? ", so wait until it is" : ""));
    }

    private Adapter adapter(JdbcClient tx, AdapterRow row) {
        return new Adapter(
                row.adapter(),
                row.base(),
                row.audience(),
                row.currentVersion(),
                names.held(tx, row.adapter()),
                VersionTable.of(tx, row.id()));
    }

    private void audit(
            JdbcClient tx, AuditedChange change, @Nullable Object before, @Nullable Object after) {
        AuditTable.write(tx, change, Rows.now(clock), before, after);
    }

    private static NotFoundException unknown(AdapterId id) {
        return new NotFoundException("there is no adapter '" + id.name() + "'");
    }
}
