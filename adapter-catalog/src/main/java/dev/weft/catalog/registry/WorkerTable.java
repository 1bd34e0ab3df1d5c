package dev.weft.catalog.registry;

import static dev.weft.catalog.database.Transaction.nullable;
import static dev.weft.catalog.database.Transaction.required;

import dev.weft.catalog.database.Transaction;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.residency.ResidencyCodec;
import dev.weft.protocol.residency.ResidencyReport;
import io.r2dbc.spi.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The statements on {@code workers} and {@code worker_orders}. */
final class WorkerTable {
    private static final String WORKER = "SELECT id, address, slots, held, seen_at FROM workers";
    private static final String ORDER =
            "SELECT id, worker, kind, digest, tenant, adapter, number, state, failure, created_at,"
                    + " updated_at FROM worker_orders";

    private WorkerTable() {}

    static void report(Transaction tx, ResidencyReport report, Instant now) {
        String held = ResidencyCodec.encode(report.held());
        long known =
                tx.update(
                        "UPDATE workers SET address = $1, slots = $2, held = $3, seen_at = $4"
                                + " WHERE id = $5",
                        report.address(),
                        report.slots(),
                        held,
                        now.atOffset(ZoneOffset.UTC),
                        report.worker());
        if (known == 0) {
            tx.update(
                    "INSERT INTO workers (id, address, slots, held, seen_at)"
                            + " VALUES ($1, $2, $3, $4, $5)",
                    report.worker(),
                    report.address(),
                    report.slots(),
                    held,
                    now.atOffset(ZoneOffset.UTC));
        }
    }

    static List<WorkerState> all(Transaction tx, Instant aliveSince) {
        return tx.query(WORKER + " ORDER BY id", row -> worker(row, aliveSince));
    }

    /** The lock is held until the transaction ends. */
    static Optional<WorkerState> lock(Transaction tx, String id, Instant aliveSince) {
        return tx
                .query(WORKER + " WHERE id = $1 FOR UPDATE", row -> worker(row, aliveSince), id)
                .stream()
                .findFirst();
    }

    static long order(
            Transaction tx,
            String worker,
            WorkerOrder.Kind kind,
            AdapterId adapter,
            int version,
            AdapterDigest digest,
            Instant now) {
        return tx.insert(
                "INSERT INTO worker_orders (worker, kind, digest, tenant, adapter, number, state,"
                        + " created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
                worker,
                kind.name(),
                digest.toString(),
                adapter.tenant(),
                adapter.name(),
                version,
                WorkerOrder.State.pending.name(),
                now.atOffset(ZoneOffset.UTC));
    }

    static Optional<WorkerOrder> order(Transaction tx, long id) {
        return tx.query(ORDER + " WHERE id = $1", WorkerTable::order, id).stream().findFirst();
    }

    static List<WorkerOrder> orders(Transaction tx, String worker) {
        return tx.query(ORDER + " WHERE worker = $1 ORDER BY id", WorkerTable::order, worker);
    }

    /** Newest first. */
    static List<WorkerOrder> ordersOf(Transaction tx, String tenant, int limit) {
        return tx.query(
                ORDER + " WHERE tenant = $1 ORDER BY id DESC FETCH FIRST " + limit + " ROWS ONLY",
                WorkerTable::order,
                tenant);
    }

    static void outcome(
            Transaction tx, String worker, long order, @Nullable String failure, Instant now) {
        tx.update(
                "UPDATE worker_orders SET state = $1, failure = $2, updated_at = $3"
                        + " WHERE id = $4 AND worker = $5",
                (failure == null ? WorkerOrder.State.done : WorkerOrder.State.failed).name(),
                nullable(String.class, failure),
                now.atOffset(ZoneOffset.UTC),
                order,
                worker);
    }

    static void delete(Transaction tx, long order) {
        tx.update("DELETE FROM worker_orders WHERE id = $1", order);
    }

    /** Prefetches that are over, but for the newest. */
    static void forget(Transaction tx, String worker, Instant before) {
        tx.update(
                "DELETE FROM worker_orders WHERE worker = $1 AND kind = 'prefetch'"
                        + " AND state <> 'pending' AND updated_at < $2",
                worker,
                before.atOffset(ZoneOffset.UTC));
    }

    /** True where some name has that content and it may be served. */
    static boolean isReady(Transaction tx, AdapterDigest digest) {
        return !tx.query(
                        "SELECT id FROM versions WHERE digest = $1 AND state = 'Ready'"
                                + " FETCH FIRST 1 ROWS ONLY",
                        row -> 1,
                        digest.toString())
                .isEmpty();
    }

    private static WorkerState worker(Row row, Instant aliveSince) {
        Instant seen = required(row, "seen_at", OffsetDateTime.class).toInstant();
        return new WorkerState(
                required(row, "id", String.class),
                required(row, "address", String.class),
                required(row, "slots", Integer.class),
                ResidencyCodec.held(required(row, "held", String.class)),
                seen,
                !seen.isBefore(aliveSince));
    }

    private static WorkerOrder order(Row row) {
        return new WorkerOrder(
                required(row, "id", Long.class),
                required(row, "worker", String.class),
                WorkerOrder.Kind.valueOf(required(row, "kind", String.class)),
                new AdapterId(
                        required(row, "tenant", String.class),
                        required(row, "adapter", String.class)),
                required(row, "number", Integer.class),
                AdapterDigest.parse(required(row, "digest", String.class)),
                WorkerOrder.State.valueOf(required(row, "state", String.class)),
                row.get("failure", String.class),
                required(row, "created_at", OffsetDateTime.class).toInstant(),
                required(row, "updated_at", OffsetDateTime.class).toInstant());
    }
}
