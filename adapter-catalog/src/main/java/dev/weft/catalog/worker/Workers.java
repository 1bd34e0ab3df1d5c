package dev.weft.catalog.worker;

import dev.weft.catalog.adapter.AdapterRow;
import dev.weft.catalog.adapter.AdapterTable;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.audit.AuditTable;
import dev.weft.catalog.audit.AuditedChange;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.Rows;
import dev.weft.catalog.fault.ConflictException;
import dev.weft.catalog.fault.NotFoundException;
import dev.weft.catalog.lifecycle.Lifecycle;
import dev.weft.catalog.version.Version;
import dev.weft.catalog.version.VersionTable;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.residency.HeldAdapter;
import dev.weft.protocol.residency.ReportedWorkers;
import dev.weft.protocol.residency.ResidencyOrders;
import dev.weft.protocol.residency.ResidencyReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What workers hold and what they should hold. Orders are kept until they are carried out or taken
 * back, so they outlive restarts of both sides. Calls block. Safe for any thread.
 */
final class Workers {
    /** A worker that is silent for longer counts as gone; workers report every 2 seconds. */
    static final Duration SILENCE = Duration.ofSeconds(15);

    private static final Duration REMEMBERED = Duration.ofHours(1);

    private final Database database;
    private final Clock clock;

    Workers(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Takes a report and returns what the worker should hold. */
    ResidencyOrders report(ResidencyReport report) {
        return database.transaction(tx -> {
            Instant now = Rows.now(clock);
            WorkerTable.report(tx, report, now);
            settle(tx, report, now);
            OrderTable.forget(tx, report.worker(), now.minus(REMEMBERED));
            return standing(tx, report.worker(), report.base())
                    .told(order -> OrderTable.isReady(tx, order.asked()));
        });
    }

    private static StandingOrders standing(JdbcClient tx, String worker, @Nullable String base) {
        return new StandingOrders(OrderTable.ofWorker(tx, worker, base));
    }

    /**
     * Writes what became of orders: the outcomes that the worker reports, and the orders whose
     * content it has pinned, since it reports no outcome for content that is pinned already.
     */
    private static void settle(JdbcClient tx, ResidencyReport report, Instant now) {
        StandingOrders standing = standing(tx, report.worker(), report.base());
        for (ResidencyReport.Outcome outcome : report.outcomes()) {
            OrderTable.find(tx, outcome.order())
                    .filter(order -> order.asked().worker().equals(report.worker()))
                    .ifPresent(order -> {
                        OrderTable.settle(tx, order, outcome.failure(), now);
                        standing.endingWith(order)
                                .forEach(other ->
                                        OrderTable.settle(tx, other, outcome.failure(), now));
                    });
        }
        Set<AdapterDigest> pinned =
                report.held().stream()
                        .filter(HeldAdapter::pinned)
                        .map(HeldAdapter::digest)
                        .collect(Collectors.toSet());
        if (!pinned.isEmpty()) {
            standing(tx, report.worker(), report.base())
                    .carriedOut(pinned)
                    .forEach(order -> OrderTable.settle(tx, order, null, now));
        }
    }

    /** All workers that have reported and aren't forgotten yet, in order of their ids. */
    List<KnownWorker> list() {
        return database.transaction(tx -> WorkerTable.all(tx, aliveSince()));
    }

    /** The addresses of workers that have reported within {@link #SILENCE}. */
    ReportedWorkers reported() {
        return new ReportedWorkers(
                database.transaction(tx -> WorkerTable.addresses(tx, aliveSince())));
    }

    /** Orders for a tenant's adapters, newest first. */
    List<WorkerOrder> orders(String tenant, int limit) {
        return database.transaction(tx -> OrderTable.ofTenant(tx, tenant, limit));
    }

    /**
     * Orders a version to workers. Either all of them get the order or none does.
     *
     * @param version its number; null for the newest, even if an alias holds the name
     * @param workers ids; null for all that are alive
     * @throws NotFoundException if there is no such adapter or worker
     * @throws ConflictException if the version isn't Ready, or a worker has no slot left for it
     */
    List<WorkerOrder> order(
            Actor actor,
            WorkerOrder.Kind kind,
            AdapterId adapter,
            @Nullable Integer version,
            @Nullable List<String> workers) {
        return database.transaction(tx -> {
            Version found = ready(tx, adapter, version);
            List<Long> ids = new ArrayList<>();
            String base = WorkerTable.baseOf(tx, adapter);
            for (KnownWorker worker : chosen(tx, workers, base)) {
                ids.add(order(tx, kind, found, worker));
            }
            AuditTable.write(
                    tx,
                    AuditedChange.of(actor, "worker." + kind, adapter),
                    Rows.now(clock),
                    null,
                    Map.of("version", number(found), "orders", ids));
            return ids.stream().map(id -> OrderTable.find(tx, id).orElseThrow()).toList();
        });
    }

    /**
     * Takes an order back; a pin ends with the worker's next report.
     *
     * @throws NotFoundException if the tenant has no such order
     */
    void takeBack(Actor actor, String tenant, long id) {
        database.transaction(tx -> {
            WorkerOrder order =
                    OrderTable.find(tx, id)
                            .filter(found -> found.asked().adapter().tenant().equals(tenant))
                            .orElseThrow(() -> new NotFoundException("there is no order " + id));
            OrderTable.delete(tx, id);
            AuditTable.write(
                    tx,
                    AuditedChange.of(
                            actor, "worker.un" + order.asked().kind(), order.asked().adapter()),
                    Rows.now(clock),
                    Map.of(
                            "order",
                            id,
                            "worker",
                            order.asked().worker(),
                            "version",
                            order.asked().version()),
                    null);
            return id;
        });
    }

    /**
     * Locks the workers.
     *
     * @param workers ids; null for all that are alive and serve the base
     */
    private List<KnownWorker> chosen(
            JdbcClient tx, @Nullable List<String> workers, @Nullable String base) {
        if (workers == null) {
            List<KnownWorker> alive =
                    WorkerTable.all(tx, aliveSince()).stream()
                            .filter(KnownWorker::alive)
                            .filter(worker -> worker.serves(base))
                            .toList();
            if (alive.isEmpty()) {
                throw new ConflictException(
                        "no worker "
                                + (base == null ? "" : "of base '" + base + "' ")
                                + "has reported lately");
            }
            return chosen(tx, alive.stream().map(KnownWorker::id).toList(), base);
        }
        return workers.stream().distinct().sorted().map(id -> locked(tx, id, base)).toList();
    }

    private KnownWorker locked(JdbcClient tx, String id, @Nullable String base) {
        KnownWorker worker =
                WorkerTable.lock(tx, id, aliveSince())
                        .orElseThrow(
                                () -> new NotFoundException("there is no worker '" + id + "'"));
        if (!worker.serves(base)) {
            throw new ConflictException(
                    "worker '"
                            + id
                            + "' serves base '"
                            + worker.base()
                            + "', and the adapter is one of base '"
                            + base
                            + "'");
        }
        return worker;
    }

    private long order(JdbcClient tx, WorkerOrder.Kind kind, Version version, KnownWorker worker) {
        AdapterDigest digest = version.content().orElseThrow().digest();
        WorkerOrder.Asked asked =
                new WorkerOrder.Asked(
                        worker.id(), kind, version.adapter(), number(version), digest);
        StandingOrders standing = standing(tx, worker.id(), worker.base());
        Optional<WorkerOrder> same = standing.same(asked);
        if (same.isPresent()) {
            return same.get().id();
        }
        checkRoom(asked, standing, worker);
        return OrderTable.insert(tx, asked, Rows.now(clock));
    }

    /**
     * Throws if no slot is left for an order; pins must leave one slot free. A content takes one
     * slot, however many orders ask for it.
     */
    private static void checkRoom(
            WorkerOrder.Asked asked, StandingOrders standing, KnownWorker worker) {
        Set<AdapterDigest> pinned = standing.pinned();
        Set<AdapterDigest> awaited = standing.awaited();
        int pins = pinned.size();
        int prefetches = awaited.size();
        boolean room =
                switch (asked.kind()) {
                    case pin -> pinned.contains(asked.digest()) || pins + 1 < worker.slots();
                    case prefetch ->
                            pinned.contains(asked.digest())
                                    || awaited.contains(asked.digest())
                                    || pins + prefetches < worker.slots();
                };
        if (!room) {
            throw new ConflictException(
                    "worker '"
                            + worker.id()
                            + "' has "
                            + worker.slots()
                            + " slot(s), "
                            + pins
                            + " pinned and "
                            + prefetches
                            + " waiting for a prefetch: allowed are pins in all slots but one, and"
                            + " prefetches into those that are left");
        }
    }

    private static Version ready(JdbcClient tx, AdapterId id, @Nullable Integer version) {
        AdapterRow adapter =
                AdapterTable.find(tx, id)
                        .orElseThrow(() ->
                                new NotFoundException("there is no adapter '" + id.name() + "'"));
        Long current = adapter.currentVersion();
        Version found =
                version != null
                        ? VersionTable.live(tx, adapter.id(), version).orElse(null)
                        : current == null ? null : VersionTable.get(tx, current);
        if (found == null || !(found.lifecycle() instanceof Lifecycle.Ready)) {
            throw new ConflictException(
                    "adapter '"
                            + id.name()
                            + "' has no "
                            + (version == null ? "version" : "version " + version)
                            + " that is Ready");
        }
        return found;
    }

    private static int number(Version version) {
        Integer number = version.number();
        return number == null ? 0 : number;
    }

    private Instant aliveSince() {
        return Rows.now(clock).minus(SILENCE);
    }
}
