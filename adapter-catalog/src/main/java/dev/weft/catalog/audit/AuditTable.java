package dev.weft.catalog.audit;

import dev.weft.catalog.database.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * The statements on table {@code audit_log}. An entry is written in the transaction of its change.
 */
public final class AuditTable {
    private AuditTable() {}

    /**
     * Writes who did what.
     *
     * @param before the state before, as a value that can be JSON; null for nothing
     * @param after the state now
     */
    public static void write(
            JdbcClient tx,
            AuditedChange change,
            Instant now,
            @Nullable Object before,
            @Nullable Object after) {
        tx.sql(
                        """
                        INSERT INTO audit_log
                            (at, actor, tenant, action, subject, before_json, after_json)
                        VALUES (:at, :actor, :tenant, :action, :subject, :before, :after)
                        """)
                .param("at", Rows.time(now))
                .param("actor", change.actor().name())
                .param("tenant", change.tenant())
                .param("action", change.action())
                .param("subject", change.subject())
                .param("before", json(before), Types.VARCHAR)
                .param("after", json(after), Types.VARCHAR)
                .update();
    }

    private static @Nullable String json(@Nullable Object value) {
        return value == null ? null : JsonMapper.shared().writeValueAsString(value);
    }

    /** Newest first. */
    static List<AuditEntry> page(JdbcClient tx, String tenant, long before, int limit) {
        return tx.sql(
                        """
                        SELECT id, at, actor, tenant, action, subject, before_json, after_json
                        FROM audit_log
                        WHERE tenant = :tenant AND id < :before
                        ORDER BY id DESC
                        FETCH FIRST :limit ROWS ONLY
                        """)
                .param("tenant", tenant)
                .param("before", before)
                .param("limit", limit)
                .query(AuditTable::read)
                .list();
    }

    private static AuditEntry read(ResultSet row, int place) throws SQLException {
        return new AuditEntry(
                row.getLong("id"),
                Rows.instant(row, "at"),
                new AuditedChange(
                        new Actor(Rows.text(row, "actor")),
                        Rows.text(row, "tenant"),
                        Rows.text(row, "action"),
                        Rows.text(row, "subject")),
                row.getString("before_json"),
                row.getString("after_json"));
    }
}
