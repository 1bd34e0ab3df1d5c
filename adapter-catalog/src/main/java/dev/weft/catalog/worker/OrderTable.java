package dev.weft.catalog.worker;

import dev.weft.catalog.database.Rows;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The statements on {@code worker_orders}. */
final class OrderTable {
    private OrderTable() {}

    static long insert(JdbcClient tx, WorkerOrder.Asked order, Instant now) {
        return Rows.insert(
                tx.sql(
                                """
                                INSERT INTO worker_orders
                                    (worker, kind, digest, tenant, adapter, number, state,
                                    created_at, updated_at)
                                VALUES (:worker, :kind, :digest, :tenant, :adapter, :number, :state,
                                    :now, :now)
                                """)
                        .param("worker", order.worker())
                        .param("kind", order.kind().name())
                        .param("digest", order.digest().toString())
                        .param("tenant", order.adapter().tenant())
                        .param("adapter", order.adapter().name())
                        .param("number", order.version())
                        .param("state", WorkerOrder.State.pending.name())
                        .param("now", Rows.time(now)));
    }

    static Optional<WorkerOrder> find(JdbcClient tx, long id) {
        return tx.sql(
                        """
                        SELECT id, worker, kind, digest, tenant, adapter, number, state, failure,
                            created_at, updated_at
                        FROM worker_orders
                        WHERE id = :id
                        """)
                .param("id", id)
                .query(OrderTable::read)
                .optional();
    }

    /**
     * Orders of a worker in the order in which they were given, without those for adapters of
     * another base.
     *
     * @param base name of the base that it serves; null if the worker does not say; then no order
     *     is left out
     */
    static List<WorkerOrder> ofWorker(JdbcClient tx, String worker, @Nullable String base) {
        return tx.sql(
                        """
                        SELECT id, worker, kind, digest, tenant, adapter, number, state, failure,
                            created_at, updated_at
                        FROM worker_orders
                        WHERE worker = :worker AND NOT EXISTS (
                            SELECT 1 FROM adapters a
                            JOIN bases b ON b.id = a.base_id
                            WHERE a.tenant = worker_orders.tenant
                                AND a.live_name = worker_orders.adapter
                                AND b.name <> CAST(:base AS VARCHAR))
                        ORDER BY id
                        """)
                .param("worker", worker)
                .param("base", base, Types.VARCHAR)
                .query(OrderTable::read)
                .list();
    }

    /** Newest first. */
    static List<WorkerOrder> ofTenant(JdbcClient tx, String tenant, int limit) {
        return tx.sql(
                        """
                        SELECT id, worker, kind, digest, tenant, adapter, number, state, failure,
                            created_at, updated_at
                        FROM worker_orders
                        WHERE tenant = :tenant
                        ORDER BY id DESC
                        FETCH FIRST :limit ROWS ONLY
                        """)
                .param("tenant", tenant)
                .param("limit", limit)
                .query(OrderTable::read)
                .list();
    }

    static void settle(JdbcClient tx, WorkerOrder order, @Nullable String failure, Instant now) {
        tx.sql(
                        """
                        UPDATE worker_orders
                        SET state = :state, failure = :failure, updated_at = :now
                        WHERE id = :id
                        """)
                .param(
                        "state",
                        (failure == null ? WorkerOrder.State.done : WorkerOrder.State.failed)
                                .name())
                .param("failure", failure, Types.VARCHAR)
                .param("now", Rows.time(now))
                .param("id", order.id())
                .update();
    }

    static void delete(JdbcClient tx, long order) {
        tx.sql("DELETE FROM worker_orders WHERE id = :id").param("id", order).update();
    }

    /** Removes all orders to workers, whose rows are locked. */
    static void deleteOf(JdbcClient tx, List<String> workers) {
        for (String worker : workers) {
            tx.sql("DELETE FROM worker_orders WHERE worker = :worker")
                    .param("worker", worker)
                    .update();
        }
    }

    /** Removes prefetches that have ended, except recent ones. */
    static void forget(JdbcClient tx, String worker, Instant before) {
        tx.sql(
                        """
                        DELETE FROM worker_orders
                        WHERE worker = :worker AND kind = 'prefetch' AND state <> 'pending'
                            AND updated_at < :before
                        """)
                .param("worker", worker)
                .param("before", Rows.time(before))
                .update();
    }

    /** True if the ordered adapter has a Ready version with the ordered content. */
    static boolean isReady(JdbcClient tx, WorkerOrder.Asked asked) {
        return tx.sql(
                        """
                        SELECT v.id FROM versions v
                        JOIN adapters a ON a.id = v.adapter_id
                        WHERE a.tenant = :tenant AND a.live_name = :name
                            AND v.digest = :digest AND v.state = 'Ready'
                        FETCH FIRST 1 ROWS ONLY
                        """)
                .param("tenant", asked.adapter().tenant())
                .param("name", asked.adapter().name())
                .param("digest", asked.digest().toString())
                .query((row, _) -> row.getLong("id"))
                .optional()
                .isPresent();
    }

    private static WorkerOrder read(ResultSet row, int place) throws SQLException {
        return new WorkerOrder(
                row.getLong("id"),
                new WorkerOrder.Asked(
                        Rows.text(row, "worker"),
                        WorkerOrder.Kind.valueOf(Rows.text(row, "kind")),
                        new AdapterId(Rows.text(row, "tenant"), Rows.text(row, "adapter")),
                        row.getInt("number"),
                        AdapterDigest.parse(Rows.text(row, "digest"))),
                WorkerOrder.State.valueOf(Rows.text(row, "state")),
                row.getString("failure"),
                Rows.instant(row, "created_at"),
                Rows.instant(row, "updated_at"));
    }
}
