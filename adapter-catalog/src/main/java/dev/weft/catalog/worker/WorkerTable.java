package dev.weft.catalog.worker;

import dev.weft.catalog.database.Rows;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.residency.ReportedWorkers;
import dev.weft.protocol.residency.ResidencyCodec;
import dev.weft.protocol.residency.ResidencyReport;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The statements on {@code workers}. */
final class WorkerTable {
    private WorkerTable() {}

    static void report(JdbcClient tx, ResidencyReport report, Instant now) {
        String held = ResidencyCodec.encode(report.held());
        int known =
                tx.sql(
                                """
                                UPDATE workers
                                SET address = :address, base = :base, slots = :slots, held = :held, seen_at = :now
                                WHERE id = :id
                                """)
                        .param("address", report.address())
                        .param("base", report.base(), Types.VARCHAR)
                        .param("slots", report.slots())
                        .param("held", held)
                        .param("now", Rows.time(now))
                        .param("id", report.worker())
                        .update();
        if (known == 0) {
            insert(tx, report, held, now);
        }
    }

    private static void insert(JdbcClient tx, ResidencyReport report, String held, Instant now) {
        tx.sql(
                        """
                        INSERT INTO workers (id, address, base, slots, held, seen_at)
                        VALUES (:id, :address, :base, :slots, :held, :now)
                        """)
                .param("id", report.worker())
                .param("address", report.address())
                .param("base", report.base(), Types.VARCHAR)
                .param("slots", report.slots())
                .param("held", held)
                .param("now", Rows.time(now))
                .update();
    }

    static List<KnownWorker> all(JdbcClient tx, Instant aliveSince) {
        return tx.sql("SELECT id, address, base, slots, held, seen_at FROM workers ORDER BY id")
                .query((row, _) -> read(row, aliveSince))
                .list();
    }

    /** The addresses of workers that have reported since then, without what they hold. */
    static List<ReportedWorkers.Worker> addresses(JdbcClient tx, Instant since) {
        return tx.sql(
                        """
                        SELECT id, address FROM workers
                        WHERE seen_at >= :since
                        ORDER BY id
                        FETCH FIRST :limit ROWS ONLY
                        """)
                .param("since", Rows.time(since))
                .param("limit", ReportedWorkers.MOST)
                .query((row, _) ->
                        new ReportedWorkers.Worker(Rows.text(row, "id"), Rows.text(row, "address")))
                .list();
    }

    /** Locks the worker's row until the transaction ends. */
    static Optional<KnownWorker> lock(JdbcClient tx, String id, Instant aliveSince) {
        return tx.sql(
                        """
                        SELECT id, address, base, slots, held, seen_at FROM workers
                        WHERE id = :id
                        FOR UPDATE
                        """)
                .param("id", id)
                .query((row, _) -> read(row, aliveSince))
                .optional();
    }

    /** Locks rows of workers that have not reported since, until the transaction ends. */
    static List<String> lockSilent(JdbcClient tx, Instant since, int most) {
        List<String> silent =
                tx.sql(
                                """
                                SELECT id FROM workers
                                WHERE seen_at < :since
                                ORDER BY id
                                FETCH FIRST :most ROWS ONLY
                                """)
                        .param("since", Rows.time(since))
                        .param("most", most)
                        .query((row, _) -> Rows.text(row, "id"))
                        .list();
        return silent.stream().filter(id -> isSilent(tx, id, since)).toList();
    }

    /** Locks the worker's row; false if the worker has reported meanwhile. */
    private static boolean isSilent(JdbcClient tx, String id, Instant since) {
        return lock(tx, id, since).filter(worker -> !worker.alive()).isPresent();
    }

    /** Removes workers without orders. */
    static void delete(JdbcClient tx, List<String> ids) {
        for (String id : ids) {
            tx.sql("DELETE FROM workers WHERE id = :id").param("id", id).update();
        }
    }

    /** Name of the base of an adapter; null if it is not known. */
    static @Nullable String baseOf(JdbcClient tx, AdapterId adapter) {
        return tx.sql(
                        """
                        SELECT b.name FROM adapters a
                        JOIN bases b ON b.id = a.base_id
                        WHERE a.tenant = :tenant AND a.live_name = :name
                        """)
                .param("tenant", adapter.tenant())
                .param("name", adapter.name())
                .query((row, _) -> Rows.text(row, "name"))
                .optional()
                .orElse(null);
    }

    private static KnownWorker read(ResultSet row, Instant aliveSince) throws SQLException {
        Instant seen = Rows.instant(row, "seen_at");
        return new KnownWorker(
                Rows.text(row, "id"),
                Rows.text(row, "address"),
                row.getString("base"),
                row.getInt("slots"),
                ResidencyCodec.held(Rows.text(row, "held")),
                seen,
                !seen.isBefore(aliveSince));
    }
}
