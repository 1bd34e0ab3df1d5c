package dev.weft.catalog.base;

import dev.weft.catalog.database.ModuleColumn;
import dev.weft.catalog.database.Rows;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.service.settings.EngineSettings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** The statements on table {@code bases}, and on the bases of adapters. */
final class BaseTable {
    private static final String ANY_TENANT = "";

    private static final String SELECT =
            """
            SELECT id, name, source, repo, revision, max_rank, engine, modules, declared,
                created_at, layers, hidden_size, intermediate_size
            FROM bases
            """;

    private BaseTable() {}

    /**
     * An adapter or alias that has a name that a base wants.
     *
     * @param kind adapter or alias
     */
    record Namesake(String kind, AdapterId id) {
        @Override
        public String toString() {
            return "%s '%s' of tenant '%s'".formatted(kind, id.name(), id.tenant());
        }
    }

    static long insert(JdbcClient tx, Base.Facts facts, boolean declared, Instant now) {
        return Rows.insert(
                facts(
                                tx.sql(
                                        """
                                        INSERT INTO bases
                                            (name, source, repo, revision, max_rank, engine,
                                            modules, declared, created_at)
                                        VALUES (:name, :source, :repo, :revision, :rank, :engine,
                                            :modules, :declared, :now)
                                        """),
                                facts)
                        .param("declared", declared)
                        .param("now", Rows.time(now)));
    }

    static void update(JdbcClient tx, long id, Base.Facts facts, boolean declared) {
        facts(
                        tx.sql(
                                """
                                UPDATE bases
                                SET name = :name, source = :source, repo = :repo,
                                    revision = :revision, max_rank = :rank, engine = :engine,
                                    modules = :modules, declared = :declared
                                WHERE id = :id
                                """),
                        facts)
                .param("declared", declared)
                .param("id", id)
                .update();
    }

    private static StatementSpec facts(StatementSpec statement, Base.Facts facts) {
        return statement
                .param("name", facts.name())
                .param("source", facts.checkpoint().source().name())
                .param("repo", facts.checkpoint().repo())
                .param("revision", facts.checkpoint().revision(), Types.VARCHAR)
                .param("rank", facts.maxRank())
                .param("engine", facts.engine().name())
                .param("modules", ModuleColumn.text(facts.modules()));
    }

    static void delete(JdbcClient tx, long id) {
        tx.sql("UPDATE adapters SET base_id = NULL WHERE base_id = :id AND live_name IS NULL")
                .param("id", id)
                .update();
        tx.sql("DELETE FROM bases WHERE id = :id").param("id", id).update();
    }

    /** All bases, the oldest first. */
    static List<Base> all(JdbcClient tx) {
        return tx.sql(
                        """
                        %s
                        ORDER BY id
                        """
                                .formatted(SELECT))
                .query(BaseTable::read)
                .list();
    }

    /** The base of that name, locked until the transaction ends. */
    static Optional<Base> lock(JdbcClient tx, String name) {
        return tx.sql(
                        """
                        %s
                        WHERE name = :name FOR UPDATE
                        """
                                .formatted(SELECT))
                .param("name", name)
                .query(BaseTable::read)
                .optional();
    }

    private static Base read(ResultSet row, int place) throws SQLException {
        return new Base(
                row.getLong("id"),
                new Base.Facts(
                        Rows.text(row, "name"),
                        new RepositoryRef(
                                RepositorySource.valueOf(Rows.text(row, "source")),
                                Rows.text(row, "repo"),
                                row.getString("revision")),
                        row.getInt("max_rank"),
                        EngineSettings.Choice.valueOf(Rows.text(row, "engine")),
                        ModuleColumn.read(row)),
                row.getBoolean("declared"),
                Rows.instant(row, "created_at"),
                shape(row));
    }

    private static Base.@Nullable Shape shape(ResultSet row) throws SQLException {
        int layers = row.getInt("layers");
        return row.wasNull()
                ? null
                : new Base.Shape(
                        layers, row.getInt("hidden_size"), row.getInt("intermediate_size"));
    }

    /** The base of that id, locked until the transaction ends. */
    static Optional<Base> lock(JdbcClient tx, long id) {
        return tx.sql(
                        """
                        %s
                        WHERE id = :id FOR UPDATE
                        """
                                .formatted(SELECT))
                .param("id", id)
                .query(BaseTable::read)
                .optional();
    }

    static void shape(JdbcClient tx, long id, Base.Shape shape) {
        tx.sql(
                        """
                        UPDATE bases
                        SET layers = :layers, hidden_size = :hidden,
                            intermediate_size = :intermediate
                        WHERE id = :id
                        """)
                .param("layers", shape.layers())
                .param("hidden", shape.hiddenSize())
                .param("intermediate", shape.intermediateSize())
                .param("id", id)
                .update();
    }

    /**
     * An adapter or alias that has that name in any tenant, or has it in the form that other
     * tenants use, {@code tenant/name}; a tenant's name may have slashes itself.
     */
    static Optional<Namesake> namesake(JdbcClient tx, String name) {
        Optional<Namesake> found = named(tx, ANY_TENANT, name);
        for (int slash = name.indexOf('/');
                slash >= 0 && found.isEmpty();
                slash = name.indexOf('/', slash + 1)) {
            found = named(tx, name.substring(0, slash), name.substring(slash + 1));
        }
        return found;
    }

    private static Optional<Namesake> named(JdbcClient tx, String tenant, String name) {
        return tx.sql(
                        """
                        SELECT kind, tenant, name
                        FROM (SELECT 'adapter' AS kind, tenant, live_name AS name FROM adapters
                                WHERE live_name IS NOT NULL
                            UNION ALL
                            SELECT 'alias', tenant, name FROM aliases) AS named
                        WHERE name = :name AND (:tenant = '' OR tenant = :tenant)
                        ORDER BY kind, tenant
                        FETCH FIRST 1 ROWS ONLY
                        """)
                .param("tenant", tenant)
                .param("name", name)
                .query((row, _) ->
                        new Namesake(
                                Rows.text(row, "kind"),
                                new AdapterId(Rows.text(row, "tenant"), Rows.text(row, "name"))))
                .optional();
    }

    /** The adapters of a base that have not been removed. */
    static long adapters(JdbcClient tx, long base) {
        return tx.sql(
                        """
                        SELECT COUNT(*) FROM adapters
                        WHERE base_id = :base AND live_name IS NOT NULL
                        """)
                .param("base", base)
                .query(Long.class)
                .single();
    }

    /**
     * Gives a base the adapters that have a content and no base. They are from a catalog that had
     * only one base.
     */
    static int adopt(JdbcClient tx, long base) {
        return tx.sql(
                        """
                        UPDATE adapters SET base_id = :base
                        WHERE base_id IS NULL AND EXISTS
                            (SELECT 1 FROM versions v
                            WHERE v.adapter_id = adapters.id AND v.number IS NOT NULL)
                        """)
                .param("base", base)
                .update();
    }
}
