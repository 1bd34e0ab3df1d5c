package dev.weft.catalog.registry;

import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.Transaction;
import dev.weft.catalog.lifecycle.Lifecycle;
import dev.weft.catalog.lifecycle.Transitions;
import dev.weft.model.adapter.AdapterId;
import dev.weft.model.adapter.Reason;
import dev.weft.model.repository.RepositoryRef;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * What owners ask for: register, look at, disable, enable and remove. Each change and its event are
 * one transaction; {@code committed} is called after it. Blocking, safe for any thread.
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
    private final Clock clock;
    private final Runnable committed;

    public Registry(Database database, Clock clock, Runnable committed) {
        this.database = database;
        this.clock = clock;
        this.committed = committed;
    }

    /** Writes a new version of the name, which is made where it is new. */
    public Version register(AdapterId id, RepositoryRef ref) {
        return database.transaction(tx -> {
            Instant now = now();
            AdapterRow adapter =
                    AdapterTable.lock(tx, id).orElseGet(() -> AdapterTable.insert(tx, id, now));
            long version = VersionTable.insert(tx, adapter, ref, now);
            VersionTable.replaceRejected(tx, adapter, ref, version);
            return VersionTable.get(tx, version);
        });
    }

    /**
     * The adapter of that name.
     *
     * @throws UnknownAdapterException where there is none
     */
    public Adapter find(AdapterId id) {
        return database.transaction(
                tx -> adapter(tx, AdapterTable.find(tx, id).orElseThrow(() -> unknown(id))));
    }

    /**
     * The version that a registration led to: that registration's own, or the one with the same
     * content.
     *
     * @throws UnknownAdapterException where there is none
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
     * Withdraws the name from the feed; its version stays as it is. Nothing happens where it is
     * disabled already.
     *
     * @throws UnknownAdapterException where there is no such name
     * @throws AdapterConflictException where no version of it is Ready or Disabled
     */
    public Adapter disable(AdapterId id) {
        return change(
                id,
                (tx, adapter) -> {
                    Version current = current(tx, adapter, "disabled");
                    switch (current.lifecycle()) {
                        case Lifecycle.Ready(var content) -> {
                            VersionTable.state(tx, current, new Lifecycle.Disabled(content), now());
                            EventTable.withdrawn(tx, id);
                        }
                        case Lifecycle.Disabled _ -> {}
                        case Lifecycle.Retired _, Lifecycle.Rejected _, Lifecycle.Working _ ->
                                throw inconsistent(current);
                    }
                    return adapter(tx, adapter);
                });
    }

    /**
     * Publishes the name again. Nothing happens where it is Ready.
     *
     * @throws UnknownAdapterException where there is no such name
     * @throws AdapterConflictException where no version of it is Ready or Disabled
     */
    public Adapter enable(AdapterId id) {
        return change(
                id,
                (tx, adapter) -> {
                    Version current = current(tx, adapter, "enabled");
                    switch (current.lifecycle()) {
                        case Lifecycle.Disabled(var content) -> {
                            VersionTable.state(tx, current, new Lifecycle.Ready(content), now());
                            EventTable.published(tx, current);
                        }
                        case Lifecycle.Ready _ -> {}
                        case Lifecycle.Retired _, Lifecycle.Rejected _, Lifecycle.Working _ ->
                                throw inconsistent(current);
                    }
                    return adapter(tx, adapter);
                });
    }

    /**
     * Withdraws the name and frees it. What is under way ends as Rejected, what was Ready or
     * Disabled as Retired.
     *
     * @throws UnknownAdapterException where there is no such name
     */
    public void remove(AdapterId id) {
        change(
                id,
                (tx, adapter) -> {
                    for (Version version : VersionTable.of(tx, adapter)) {
                        end(tx, version);
                    }
                    AdapterTable.release(tx, adapter);
                    return adapter;
                });
    }

    private void end(Transaction tx, Version version) {
        switch (version.lifecycle()) {
            case Lifecycle.Working _ -> VersionTable.rejected(tx, version, List.of(REMOVED), now());
            case Lifecycle.Ready(var content) -> {
                VersionTable.state(tx, version, new Lifecycle.Retired(content), now());
                EventTable.withdrawn(tx, version.adapter());
            }
            case Lifecycle.Disabled(var content) ->
                    VersionTable.state(tx, version, new Lifecycle.Retired(content), now());
            case Lifecycle.Rejected _, Lifecycle.Retired _ -> {}
        }
    }

    private interface Change<T> {
        T apply(Transaction tx, AdapterRow adapter);
    }

    private <T> T change(AdapterId id, Change<T> change) {
        T result =
                database.transaction(tx ->
                        change.apply(tx, AdapterTable.lock(tx, id).orElseThrow(() -> unknown(id))));
        committed.run();
        return result;
    }

    private static Version current(Transaction tx, AdapterRow adapter, String wanted) {
        Long current = adapter.currentVersion();
        if (current != null) {
            return VersionTable.get(tx, current);
        }
        Version newest = VersionTable.of(tx, adapter).getFirst();
        boolean waiting = Transitions.isWorking(newest.lifecycle().state());
        throw new AdapterConflictException(
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

    private static Adapter adapter(Transaction tx, AdapterRow row) {
        return new Adapter(row.adapter(), VersionTable.of(tx, row));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static UnknownAdapterException unknown(AdapterId id) {
        return new UnknownAdapterException("there is no adapter '" + id.name() + "'");
    }

    private static IllegalStateException inconsistent(Version version) {
        return new IllegalStateException("the current version is in no state for that: " + version);
    }
}
