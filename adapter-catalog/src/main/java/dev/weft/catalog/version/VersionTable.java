package dev.weft.catalog.version;

import dev.weft.catalog.database.ModuleColumn;
import dev.weft.catalog.database.Rows;
import dev.weft.catalog.fault.NotFoundException;
import dev.weft.catalog.lifecycle.Content;
import dev.weft.catalog.lifecycle.Lifecycle;
import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.adapter.VersionState;
import dev.weft.protocol.repository.RepositoryRef;
import java.sql.Types;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The statements on table {@code versions}. A version that replaced others hides them from lists.
 */
public final class VersionTable {
    /** The columns that {@link VersionReader} reads. */
    private static final String SELECT =
            """
            SELECT v.id, v.number, a.tenant, a.name, v.state, v.source, v.repo, v.revision,
                v.resolved_revision, v.digest, v.lora_rank, v.lora_alpha, v.rs_lora, v.modules,
                v.dtype, v.parameters, v.task, v.reasons, v.warnings, v.effect, v.created_at,
                v.updated_at, v.ready_at
            FROM versions v
            JOIN adapters a ON a.id = v.adapter_id
            """;

    /** The adapters that have, or had, the name of {@code :adapter}. */
    private static final String OF_THE_NAME =
            """
            SELECT b.id FROM adapters a
            JOIN adapters b ON b.tenant = a.tenant AND b.name = a.name
            WHERE a.id = :adapter
            """;

    private VersionTable() {}

    public static long insert(JdbcClient tx, long adapter, RepositoryRef ref, Instant now) {
        return Rows.insert(
                tx.sql(
                                """
                                INSERT INTO versions
                                    (adapter_id, state, source, repo, revision, warnings,
                                    created_at, updated_at)
                                VALUES (:adapter, :state, :source, :repo, :revision, '[]', :now, :now)
                                """)
                        .param("adapter", adapter)
                        .param("state", VersionState.Registered.name())
                        .param("source", ref.source().name())
                        .param("repo", ref.repo())
                        .param("revision", ref.revision(), Types.VARCHAR)
                        .param("now", Rows.time(now)));
    }

    static Optional<Version> find(JdbcClient tx, long id) {
        return tx.sql(
                        SELECT
                                + """
                                WHERE v.id = :id
                                """)
                .param("id", id)
                .query(VersionReader::read)
                .optional();
    }

    public static Version get(JdbcClient tx, long id) {
        return find(tx, id).orElseThrow(() -> new NotFoundException("there is no version " + id));
    }

    /** The version that stands for {@code id}: itself, or the one that replaced it. */
    public static long standIn(JdbcClient tx, long id) {
        Optional<Long> next =
                tx.sql(
                                """
                                SELECT replaced_by FROM versions
                                WHERE id = :id AND replaced_by IS NOT NULL
                                """)
                        .param("id", id)
                        .query((row, _) -> row.getLong("replaced_by"))
                        .optional();
        return next.isEmpty() ? id : standIn(tx, next.get());
    }

    /** The adapter's row that {@code version} belongs to. */
    public static long adapterOf(JdbcClient tx, long version) {
        return tx.sql("SELECT adapter_id FROM versions WHERE id = :id")
                .param("id", version)
                .query((row, _) -> row.getLong("adapter_id"))
                .optional()
                .orElseThrow(() -> new NotFoundException("there is no version " + version));
    }

    /** Versions of one adapter, newest first. */
    public static List<Version> of(JdbcClient tx, long adapter) {
        return tx.sql(
                        SELECT
                                + """
                                WHERE v.adapter_id = :adapter AND v.replaced_by IS NULL
                                ORDER BY v.id DESC
                                """)
                .param("adapter", adapter)
                .query(VersionReader::read)
                .list();
    }

    /** Counts the versions that were not replaced; leaves out states without any. */
    static Map<VersionState, Long> countByState(JdbcClient tx) {
        Map<VersionState, Long> counts = new EnumMap<>(VersionState.class);
        tx.sql(
                        """
                        SELECT state, COUNT(*) AS versions FROM versions
                        WHERE replaced_by IS NULL
                        GROUP BY state
                        """)
                .query(row -> {
                    counts.put(
                            VersionState.valueOf(Rows.text(row, "state")), row.getLong("versions"));
                });
        return counts;
    }

    /** Unfinished versions, oldest first. */
    public static List<Version> working(JdbcClient tx) {
        return tx.sql(
                        SELECT
                                + """
                                WHERE v.state IN ('Registered', 'Fetching', 'Validating', 'Converting')
                                ORDER BY v.id
                                """)
                .query(VersionReader::read)
                .list();
    }

    /** How many versions of one adapter are unfinished. */
    public static int working(JdbcClient tx, long adapter) {
        return tx.sql(
                        """
                        SELECT COUNT(*) AS versions FROM versions
                        WHERE adapter_id = :adapter
                            AND state IN ('Registered', 'Fetching', 'Validating', 'Converting')
                        """)
                .param("adapter", adapter)
                .query((row, _) -> row.getInt("versions"))
                .single();
    }

    public static void state(JdbcClient tx, Version version, Lifecycle next, Instant now) {
        tx.sql("UPDATE versions SET state = :state, updated_at = :now WHERE id = :id")
                .param("state", version.lifecycle().to(next).state().name())
                .param("now", Rows.time(now))
                .param("id", version.id())
                .update();
    }

    public static void resolved(JdbcClient tx, long version, @Nullable String revision) {
        tx.sql("UPDATE versions SET resolved_revision = :revision WHERE id = :id")
                .param("revision", revision, Types.VARCHAR)
                .param("id", version)
                .update();
    }

    public static void rejected(JdbcClient tx, Version version, List<Reason> reasons, Instant now) {
        state(tx, version, new Lifecycle.Rejected(reasons), now);
        tx.sql("UPDATE versions SET reasons = :reasons WHERE id = :id")
                .param("reasons", VersionReader.json(reasons))
                .param("id", version.id())
                .update();
    }

    /** The version that has a number now and was not replaced; empty if there is none. */
    public static Optional<Version> live(JdbcClient tx, long adapter, int number) {
        return tx.sql(
                        """
                        SELECT id FROM versions
                        WHERE adapter_id = :adapter AND number = :number AND replaced_by IS NULL
                        ORDER BY id
                        FETCH FIRST 1 ROWS ONLY
                        """)
                .param("adapter", adapter)
                .param("number", number)
                .query((row, _) -> row.getLong("id"))
                .optional()
                .map(id -> get(tx, id));
    }

    /**
     * Gives a content its number: its earlier number under this name, else the next. Adapters of
     * the name that were removed count too, so that a number never means another content. If an
     * earlier catalog gave a number to two contents of the name, it stays with the content of this
     * adapter.
     */
    public static void number(JdbcClient tx, long adapter, long version, Content content) {
        tx.sql(
                        """
                        UPDATE versions
                        SET number = COALESCE(
                            (SELECT MIN(w.number) FROM versions w
                                WHERE w.adapter_id = :adapter AND w.digest = :digest),
                            (SELECT MIN(w.number) FROM versions w
                                WHERE w.adapter_id IN (%1$s) AND w.digest = :digest
                                    AND NOT EXISTS (SELECT 1 FROM versions o
                                        WHERE o.adapter_id = :adapter AND o.number = w.number)),
                            (SELECT COALESCE(MAX(x.number), 0) + 1 FROM versions x
                                WHERE x.adapter_id IN (%1$s)))
                        WHERE id = :id
                        """
                                .formatted(OF_THE_NAME))
                .param("adapter", adapter)
                .param("digest", content.digest().toString())
                .param("id", version)
                .update();
    }

    public static void content(
            JdbcClient tx, long version, Content content, List<Reason> warnings) {
        tx.sql(
                        """
                        UPDATE versions
                        SET digest = :digest, lora_rank = :rank, lora_alpha = :alpha,
                            rs_lora = :rs_lora, modules = :modules, dtype = :dtype,
                            parameters = :parameters, task = :task, warnings = :warnings, ready_at = :ready
                        WHERE id = :id
                        """)
                .param("digest", content.digest().toString())
                .param("rank", content.facts().rank())
                .param("alpha", content.facts().alpha())
                .param("rs_lora", content.facts().rsLora())
                .param("modules", ModuleColumn.text(content.facts().modules()))
                .param("dtype", content.facts().dtype())
                .param("parameters", content.facts().parameters())
                .param("task", content.facts().task().name())
                .param("warnings", VersionReader.json(warnings))
                .param("ready", Rows.time(content.ready()))
                .param("id", version)
                .update();
    }

    /** Gives a version the source and the warnings of {@code as}. */
    public static void found(JdbcClient tx, long version, Version as, Instant now) {
        tx.sql(
                        """
                        UPDATE versions
                        SET source = :source, repo = :repo, revision = :revision,
                            resolved_revision = :resolved, warnings = :warnings, updated_at = :now
                        WHERE id = :id
                        """)
                .param("source", as.origin().repository().source().name())
                .param("repo", as.origin().repository().repo())
                .param("revision", as.origin().repository().revision(), Types.VARCHAR)
                .param("resolved", as.origin().resolved(), Types.VARCHAR)
                .param("warnings", VersionReader.json(as.findings().warnings()))
                .param("now", Rows.time(now))
                .param("id", version)
                .update();
    }

    public static void replaced(JdbcClient tx, long version, long by) {
        tx.sql("UPDATE versions SET replaced_by = :by WHERE id = :id")
                .param("by", by)
                .param("id", version)
                .update();
    }

    /** A retried registration takes the place of the earlier ones that were rejected. */
    public static void replaceRejected(JdbcClient tx, long adapter, RepositoryRef ref, long by) {
        tx.sql(
                        """
                        UPDATE versions SET replaced_by = :by
                        WHERE adapter_id = :adapter AND state = 'Rejected' AND replaced_by IS NULL
                            AND source = :source AND repo = :repo
                            AND COALESCE(revision, '') = :revision
                        """)
                .param("by", by)
                .param("adapter", adapter)
                .param("source", ref.source().name())
                .param("repo", ref.repo())
                .param("revision", ref.revision() == null ? "" : ref.revision())
                .update();
    }
}
