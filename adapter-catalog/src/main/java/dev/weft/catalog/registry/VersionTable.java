package dev.weft.catalog.registry;

import static dev.weft.catalog.database.Transaction.nullable;

import dev.weft.catalog.database.Transaction;
import dev.weft.catalog.lifecycle.Content;
import dev.weft.catalog.lifecycle.Lifecycle;
import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.adapter.VersionState;
import dev.weft.protocol.repository.RepositoryRef;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The statements on table {@code versions}. Those that replaced others hide them from lists. */
final class VersionTable {
    private static final String SELECT =
            "SELECT "
                    + VersionReader.COLUMNS
                    + " FROM versions v JOIN adapters a ON a.id = v.adapter_id";

    private VersionTable() {}

    static long insert(Transaction tx, AdapterRow adapter, RepositoryRef ref, Instant now) {
        return tx.insert(
                "INSERT INTO versions (adapter_id, state, source, repo, revision, warnings,"
                        + " created_at, updated_at) VALUES ($1, $2, $3, $4, $5, '[]', $6, $7)",
                adapter.id(),
                VersionState.Registered.name(),
                ref.source().name(),
                ref.repo(),
                nullable(String.class, ref.revision()),
                now.atOffset(ZoneOffset.UTC),
                now.atOffset(ZoneOffset.UTC));
    }

    static Optional<Version> find(Transaction tx, long id) {
        return tx.query(SELECT + " WHERE v.id = $1", VersionReader::read, id).stream().findFirst();
    }

    static Version get(Transaction tx, long id) {
        return find(tx, id)
                .orElseThrow(() -> new UnknownAdapterException("there is no version " + id));
    }

    /** The version that stands for {@code id}: itself, or the one that replaced it. */
    static long standIn(Transaction tx, long id) {
        List<Long> next =
                tx.query(
                        "SELECT replaced_by FROM versions WHERE id = $1 AND replaced_by IS NOT"
                                + " NULL",
                        row -> Transaction.required(row, "replaced_by", Long.class),
                        id);
        return next.isEmpty() ? id : standIn(tx, next.getFirst());
    }

    /** The row that {@code version} belongs to. */
    static long adapterOf(Transaction tx, long version) {
        return tx
                .query(
                        "SELECT adapter_id FROM versions WHERE id = $1",
                        row -> Transaction.required(row, "adapter_id", Long.class),
                        version)
                .stream()
                .findFirst()
                .orElseThrow(() -> new UnknownAdapterException("there is no version " + version));
    }

    /** Versions of one adapter, newest first. */
    static List<Version> of(Transaction tx, AdapterRow adapter) {
        return tx.query(
                SELECT + " WHERE v.adapter_id = $1 AND v.replaced_by IS NULL ORDER BY v.id DESC",
                VersionReader::read,
                adapter.id());
    }

    /** Those that were not replaced; states that none is in are left out. */
    static Map<VersionState, Long> countByState(Transaction tx) {
        return tx
                .query(
                        "SELECT state, COUNT(*) AS versions FROM versions"
                                + " WHERE replaced_by IS NULL GROUP BY state",
                        row ->
                                Map.entry(
                                        VersionState.valueOf(
                                                Transaction.required(row, "state", String.class)),
                                        Transaction.required(row, "versions", Long.class)))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Versions under way, oldest first. */
    static List<Version> working(Transaction tx) {
        return tx.query(
                SELECT
                        + " WHERE v.state IN ('Registered', 'Fetching', 'Validating',"
                        + " 'Converting') ORDER BY v.id",
                VersionReader::read);
    }

    static void state(Transaction tx, Version version, Lifecycle next, Instant now) {
        tx.update(
                "UPDATE versions SET state = $1, updated_at = $2 WHERE id = $3",
                version.lifecycle().to(next).state().name(),
                now.atOffset(ZoneOffset.UTC),
                version.id());
    }

    static void resolved(Transaction tx, long version, @Nullable String revision) {
        tx.update(
                "UPDATE versions SET resolved_revision = $1 WHERE id = $2",
                nullable(String.class, revision),
                version);
    }

    static void rejected(Transaction tx, Version version, List<Reason> reasons, Instant now) {
        state(tx, version, new Lifecycle.Rejected(reasons), now);
        tx.update(
                "UPDATE versions SET reasons = $1 WHERE id = $2",
                VersionReader.json(reasons),
                version.id());
    }

    /** The version that has a number now, if one is left that was not replaced. */
    static Optional<Version> live(Transaction tx, AdapterRow adapter, int number) {
        return tx
                .query(
                        SELECT
                                + " WHERE v.adapter_id = $1 AND v.number = $2"
                                + " AND v.replaced_by IS NULL",
                        VersionReader::read,
                        adapter.id(),
                        number)
                .stream()
                .findFirst();
    }

    /** Gives a content its number: the one it had before under this name, else the next. */
    static void number(Transaction tx, AdapterRow adapter, long version, Content content) {
        tx.update(
                "UPDATE versions SET number = COALESCE("
                        + "(SELECT MIN(w.number) FROM versions w"
                        + " WHERE w.adapter_id = $1 AND w.digest = $2),"
                        + " (SELECT COALESCE(MAX(x.number), 0) + 1 FROM versions x"
                        + " WHERE x.adapter_id = $1)) WHERE id = $3",
                adapter.id(),
                content.digest().toString(),
                version);
    }

    static void content(Transaction tx, long version, Content content, List<Reason> warnings) {
        tx.update(
                "UPDATE versions SET digest = $1, lora_rank = $2, lora_alpha = $3, rs_lora = $4,"
                        + " modules = $5, dtype = $6, parameters = $7, warnings = $8, ready_at = $9"
                        + " WHERE id = $10",
                content.digest().toString(),
                content.facts().rank(),
                content.facts().alpha(),
                content.facts().rsLora(),
                VersionReader.modules(content.facts()),
                content.facts().dtype(),
                content.facts().parameters(),
                VersionReader.json(warnings),
                content.ready().atOffset(ZoneOffset.UTC),
                version);
    }

    /** Writes where {@code as} came from, and what its owner should know of it. */
    static void found(Transaction tx, long version, Version as, Instant now) {
        tx.update(
                "UPDATE versions SET source = $1, repo = $2, revision = $3, resolved_revision = $4,"
                        + " warnings = $5, updated_at = $6 WHERE id = $7",
                as.repository().source().name(),
                as.repository().repo(),
                nullable(String.class, as.repository().revision()),
                nullable(String.class, as.resolvedRevision()),
                VersionReader.json(as.warnings()),
                now.atOffset(ZoneOffset.UTC),
                version);
    }

    static void replaced(Transaction tx, long version, long by) {
        tx.update("UPDATE versions SET replaced_by = $1 WHERE id = $2", by, version);
    }

    /** A retried registration takes the place of the earlier ones that were rejected. */
    static void replaceRejected(Transaction tx, AdapterRow adapter, RepositoryRef ref, long by) {
        tx.update(
                "UPDATE versions SET replaced_by = $1 WHERE adapter_id = $2 AND state = 'Rejected'"
                        + " AND replaced_by IS NULL AND source = $3 AND repo = $4"
                        + " AND COALESCE(revision, '') = $5",
                by,
                adapter.id(),
                ref.source().name(),
                ref.repo(),
                ref.revision() == null ? "" : ref.revision());
    }
}
