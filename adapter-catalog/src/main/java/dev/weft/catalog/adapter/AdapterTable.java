package dev.weft.catalog.adapter;

import dev.weft.catalog.database.Rows;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.Audience;
import dev.weft.protocol.feed.ServedVersion;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The statements on table {@code adapters}. Locks are held until the transaction ends. */
public final class AdapterTable {
    private AdapterTable() {}

    public static Optional<AdapterRow> lock(JdbcClient tx, AdapterId id) {
        return tx.sql(
                        """
                        SELECT id, tenant, name, base_id, current_version, newest_settled, shared_with
                        FROM adapters
                        WHERE tenant = :tenant AND live_name = :name
                        FOR UPDATE
                        """)
                .param("tenant", id.tenant())
                .param("name", id.name())
                .query(AdapterTable::read)
                .optional();
    }

    public static AdapterRow lock(JdbcClient tx, long row) {
        return tx.sql(
                        """
                        SELECT id, tenant, name, base_id, current_version, newest_settled, shared_with
                        FROM adapters
                        WHERE id = :id
                        FOR UPDATE
                        """)
                .param("id", row)
                .query(AdapterTable::read)
                .single();
    }

    /** Takes the name; fails with an integrity violation if another transaction was faster. */
    static AdapterRow insert(JdbcClient tx, AdapterId id, Instant now) {
        long row =
                Rows.insert(
                        tx.sql(
                                        """
                                        INSERT INTO adapters
                                            (tenant, name, live_name, newest_settled, created_at)
                                        VALUES (:tenant, :name, :name, 0, :now)
                                        """)
                                .param("tenant", id.tenant())
                                .param("name", id.name())
                                .param("now", Rows.time(now)));
        return new AdapterRow(row, id, null, null, 0, Audience.NOBODY);
    }

    public static Optional<AdapterRow> find(JdbcClient tx, AdapterId id) {
        return tx.sql(
                        """
                        SELECT id, tenant, name, base_id, current_version, newest_settled, shared_with
                        FROM adapters
                        WHERE tenant = :tenant AND live_name = :name
                        """)
                .param("tenant", id.tenant())
                .param("name", id.name())
                .query(AdapterTable::read)
                .optional();
    }

    static List<AdapterRow> page(JdbcClient tx, String tenant, String after, int limit) {
        return tx.sql(
                        """
                        SELECT id, tenant, name, base_id, current_version, newest_settled, shared_with
                        FROM adapters
                        WHERE tenant = :tenant AND live_name > :after
                        ORDER BY live_name
                        FETCH FIRST :limit ROWS ONLY
                        """)
                .param("tenant", tenant)
                .param("after", after)
                .param("limit", limit)
                .query(AdapterTable::read)
                .list();
    }

    /** How many adapters a tenant has; those that were removed are not among them. */
    static int count(JdbcClient tx, String tenant) {
        return tx.sql(
                        """
                        SELECT COUNT(*) FROM adapters
                        WHERE tenant = :tenant AND live_name IS NOT NULL
                        """)
                .param("tenant", tenant)
                .query(Integer.class)
                .single();
    }

    static void point(JdbcClient tx, AdapterRow adapter, long version) {
        tx.sql(
                        """
                        UPDATE adapters
                        SET current_version = :version, newest_settled = :settled
                        WHERE id = :id
                        """)
                .param("version", version)
                .param("settled", Math.max(version, adapter.newestSettled()))
                .param("id", adapter.id())
                .update();
    }

    static void settle(JdbcClient tx, AdapterRow adapter, long version) {
        tx.sql("UPDATE adapters SET newest_settled = :settled WHERE id = :id")
                .param("settled", Math.max(version, adapter.newestSettled()))
                .param("id", adapter.id())
                .update();
    }

    static void release(JdbcClient tx, AdapterRow adapter) {
        tx.sql("UPDATE adapters SET live_name = NULL, current_version = NULL WHERE id = :id")
                .param("id", adapter.id())
                .update();
    }

    /** Sets the base of an adapter. */
    public static void belongs(JdbcClient tx, AdapterRow adapter, long base) {
        tx.sql("UPDATE adapters SET base_id = :base WHERE id = :id")
                .param("base", base)
                .param("id", adapter.id())
                .update();
    }

    static void share(JdbcClient tx, AdapterRow adapter, Audience audience) {
        tx.sql("UPDATE adapters SET shared_with = :tenants WHERE id = :id")
                .param("tenants", String.join(",", audience.tenants()))
                .param("id", adapter.id())
                .update();
    }

    private static AdapterRow read(ResultSet row, int place) throws SQLException {
        return new AdapterRow(
                row.getLong("id"),
                new AdapterId(Rows.text(row, "tenant"), Rows.text(row, "name")),
                Rows.longOrNull(row, "base_id"),
                Rows.longOrNull(row, "current_version"),
                row.getLong("newest_settled"),
                audience(row));
    }

    /** Column {@code base_id} for followers of the feed; the first base if it is null. */
    public static long base(ResultSet row) throws SQLException {
        Long base = Rows.longOrNull(row, "base_id");
        return base == null ? ServedVersion.FIRST_BASE : base;
    }

    /** Column {@code shared_with}. */
    public static Audience audience(ResultSet row) throws SQLException {
        String tenants = Rows.text(row, "shared_with");
        return tenants.isEmpty()
                ? Audience.NOBODY
                : new Audience(Arrays.asList(tenants.split(",", -1)));
    }
}
