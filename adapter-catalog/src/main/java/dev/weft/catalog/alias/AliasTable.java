package dev.weft.catalog.alias;

import dev.weft.catalog.adapter.AdapterRow;
import dev.weft.catalog.database.Rows;
import dev.weft.catalog.version.AliasTarget;
import dev.weft.protocol.adapter.AdapterId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The statements on {@code aliases} and {@code alias_targets}. */
final class AliasTable {
    private AliasTable() {}

    static Optional<AliasRow> find(JdbcClient tx, AdapterId id) {
        return tx.sql(
                        """
                        SELECT id, tenant, name, revision, updated_at FROM aliases
                        WHERE tenant = :tenant AND name = :name
                        """)
                .param("tenant", id.tenant())
                .param("name", id.name())
                .query(AliasTable::read)
                .optional();
    }

    /** Locks the alias's row until the transaction ends. */
    static Optional<AliasRow> lock(JdbcClient tx, AdapterId id) {
        return tx.sql(
                        """
                        SELECT id, tenant, name, revision, updated_at FROM aliases
                        WHERE tenant = :tenant AND name = :name
                        FOR UPDATE
                        """)
                .param("tenant", id.tenant())
                .param("name", id.name())
                .query(AliasTable::read)
                .optional();
    }

    static List<AliasRow> page(JdbcClient tx, String tenant, String after, int limit) {
        return tx.sql(
                        """
                        SELECT id, tenant, name, revision, updated_at FROM aliases
                        WHERE tenant = :tenant AND name > :after
                        ORDER BY name
                        FETCH FIRST :limit ROWS ONLY
                        """)
                .param("tenant", tenant)
                .param("after", after)
                .param("limit", limit)
                .query(AliasTable::read)
                .list();
    }

    /** Aliases that point at any version of an adapter, in order of their names. */
    static List<AliasRow> pointingAt(JdbcClient tx, AdapterRow adapter) {
        return tx.sql(
                        """
                        SELECT id, tenant, name, revision, updated_at FROM aliases
                        WHERE id IN (SELECT alias_id FROM alias_targets WHERE adapter_id = :adapter)
                        ORDER BY name
                        """)
                .param("adapter", adapter.id())
                .query(AliasTable::read)
                .list();
    }

    /** Numbers of an adapter's versions that some alias points at. */
    static List<Integer> numbers(JdbcClient tx, AdapterRow adapter) {
        return tx.sql("SELECT DISTINCT number FROM alias_targets WHERE adapter_id = :adapter")
                .param("adapter", adapter.id())
                .query((row, _) -> row.getInt("number"))
                .list();
    }

    /** How many aliases a tenant has. */
    static int count(JdbcClient tx, String tenant) {
        return tx.sql("SELECT COUNT(*) FROM aliases WHERE tenant = :tenant")
                .param("tenant", tenant)
                .query(Integer.class)
                .single();
    }

    /**
     * Takes the name; fails with an integrity violation if another transaction was faster. A new
     * alias continues the revisions of a removed one of its name, so an author who saw only the
     * removed one can't change it.
     */
    static AliasRow insert(JdbcClient tx, AdapterId id, Instant now) {
        long last = lastRemoved(tx, id).orElse(0L);
        long row =
                Rows.insert(
                        tx.sql(
                                        """
                                        INSERT INTO aliases (tenant, name, revision, updated_at)
                                        VALUES (:tenant, :name, :last, :now)
                                        """)
                                .param("tenant", id.tenant())
                                .param("name", id.name())
                                .param("last", last)
                                .param("now", Rows.time(now)));
        return new AliasRow(row, id, last, now);
    }

    static AliasRow revise(JdbcClient tx, AliasRow alias, Instant now) {
        long next = alias.revision() + 1;
        tx.sql("UPDATE aliases SET revision = :revision, updated_at = :now WHERE id = :id")
                .param("revision", next)
                .param("now", Rows.time(now))
                .param("id", alias.id())
                .update();
        return new AliasRow(alias.id(), alias.alias(), next, now);
    }

    private static Optional<Long> lastRemoved(JdbcClient tx, AdapterId id) {
        return tx.sql(
                        """
                        SELECT revision FROM removed_aliases WHERE tenant = :tenant AND name = :name
                        """)
                .param("tenant", id.tenant())
                .param("name", id.name())
                .query(Long.class)
                .optional();
    }

    /** The row is locked, so nobody else removes an alias of this name. */
    static void delete(JdbcClient tx, AliasRow alias) {
        tx.sql("DELETE FROM removed_aliases WHERE tenant = :tenant AND name = :name")
                .param("tenant", alias.alias().tenant())
                .param("name", alias.alias().name())
                .update();
        tx.sql(
                        """
                        INSERT INTO removed_aliases (tenant, name, revision)
                        VALUES (:tenant, :name, :revision)
                        """)
                .param("tenant", alias.alias().tenant())
                .param("name", alias.alias().name())
                .param("revision", alias.revision())
                .update();
        AliasHistory.delete(tx, alias);
        clearTargets(tx, alias);
        tx.sql("DELETE FROM aliases WHERE id = :id").param("id", alias.id()).update();
    }

    static List<AliasTarget> targets(JdbcClient tx, AliasRow alias) {
        return tx.sql(
                        """
                        SELECT a.name, t.number, t.weight
                        FROM alias_targets t
                        JOIN adapters a ON a.id = t.adapter_id
                        WHERE t.alias_id = :alias
                        ORDER BY t.place
                        """)
                .param("alias", alias.id())
                .query((row, _) ->
                        new AliasTarget(
                                Rows.text(row, "name"), row.getInt("number"), row.getInt("weight")))
                .list();
    }

    static void clearTargets(JdbcClient tx, AliasRow alias) {
        tx.sql("DELETE FROM alias_targets WHERE alias_id = :alias")
                .param("alias", alias.id())
                .update();
    }

    static void addTarget(
            JdbcClient tx, AliasRow alias, int place, AdapterRow adapter, AliasTarget target) {
        tx.sql(
                        """
                        INSERT INTO alias_targets (alias_id, place, adapter_id, number, weight)
                        VALUES (:alias, :place, :adapter, :number, :weight)
                        """)
                .param("alias", alias.id())
                .param("place", place)
                .param("adapter", adapter.id())
                .param("number", target.version())
                .param("weight", target.weight())
                .update();
    }

    private static AliasRow read(ResultSet row, int place) throws SQLException {
        return new AliasRow(
                row.getLong("id"),
                new AdapterId(Rows.text(row, "tenant"), Rows.text(row, "name")),
                row.getLong("revision"),
                Rows.instant(row, "updated_at"));
    }
}
