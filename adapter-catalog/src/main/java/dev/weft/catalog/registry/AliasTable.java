package dev.weft.catalog.registry;

import static dev.weft.catalog.database.Transaction.required;

import dev.weft.catalog.database.Transaction;
import dev.weft.protocol.adapter.AdapterId;
import io.r2dbc.spi.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** The statements on {@code aliases} and {@code alias_targets}. */
final class AliasTable {
    private static final String SELECT =
            "SELECT id, tenant, name, revision, updated_at FROM aliases";

    private AliasTable() {}

    static Optional<AliasRow> find(Transaction tx, AdapterId id) {
        return find(tx, id, "");
    }

    /** The lock is held until the transaction ends. */
    static Optional<AliasRow> lock(Transaction tx, AdapterId id) {
        return find(tx, id, " FOR UPDATE");
    }

    private static Optional<AliasRow> find(Transaction tx, AdapterId id, String lock) {
        return tx
                .query(
                        SELECT + " WHERE tenant = $1 AND name = $2" + lock,
                        AliasTable::read,
                        id.tenant(),
                        id.name())
                .stream()
                .findFirst();
    }

    static List<AliasRow> page(Transaction tx, String tenant, String after, int limit) {
        return tx.query(
                SELECT
                        + " WHERE tenant = $1 AND name > $2 ORDER BY name FETCH FIRST "
                        + limit
                        + " ROWS ONLY",
                AliasTable::read,
                tenant,
                after);
    }

    /** Aliases that point at any version of an adapter, in order of their names. */
    static List<AliasRow> pointingAt(Transaction tx, AdapterRow adapter) {
        return tx.query(
                SELECT
                        + " WHERE id IN (SELECT alias_id FROM alias_targets WHERE adapter_id = $1)"
                        + " ORDER BY name",
                AliasTable::read,
                adapter.id());
    }

    /** Numbers of an adapter's versions that some alias points at. */
    static List<Integer> numbers(Transaction tx, AdapterRow adapter) {
        return tx.query(
                "SELECT DISTINCT number FROM alias_targets WHERE adapter_id = $1",
                row -> required(row, "number", Integer.class),
                adapter.id());
    }

    /** Takes the name; fails with an integrity violation where somebody else was faster. */
    static AliasRow insert(Transaction tx, AdapterId id, Instant now) {
        long row =
                tx.insert(
                        "INSERT INTO aliases (tenant, name, revision, updated_at)"
                                + " VALUES ($1, $2, 0, $3)",
                        id.tenant(),
                        id.name(),
                        now.atOffset(ZoneOffset.UTC));
        return new AliasRow(row, id, 0, now);
    }

    static AliasRow revise(Transaction tx, AliasRow alias, Instant now) {
        long next = alias.revision() + 1;
        tx.update(
                "UPDATE aliases SET revision = $1, updated_at = $2 WHERE id = $3",
                next,
                now.atOffset(ZoneOffset.UTC),
                alias.id());
        return new AliasRow(alias.id(), alias.alias(), next, now);
    }

    static void delete(Transaction tx, AliasRow alias) {
        tx.update("DELETE FROM alias_revisions WHERE alias_id = $1", alias.id());
        tx.update("DELETE FROM alias_targets WHERE alias_id = $1", alias.id());
        tx.update("DELETE FROM aliases WHERE id = $1", alias.id());
    }

    static List<AliasTarget> targets(Transaction tx, AliasRow alias) {
        return tx.query(
                "SELECT a.name, t.number, t.weight FROM alias_targets t"
                        + " JOIN adapters a ON a.id = t.adapter_id"
                        + " WHERE t.alias_id = $1 ORDER BY t.place",
                row ->
                        new AliasTarget(
                                required(row, "name", String.class),
                                required(row, "number", Integer.class),
                                required(row, "weight", Integer.class)),
                alias.id());
    }

    static void clearTargets(Transaction tx, AliasRow alias) {
        tx.update("DELETE FROM alias_targets WHERE alias_id = $1", alias.id());
    }

    static void addTarget(
            Transaction tx, AliasRow alias, int place, AdapterRow adapter, AliasTarget target) {
        tx.update(
                "INSERT INTO alias_targets (alias_id, place, adapter_id, number, weight)"
                        + " VALUES ($1, $2, $3, $4, $5)",
                alias.id(),
                place,
                adapter.id(),
                target.version(),
                target.weight());
    }

    private static AliasRow read(Row row) {
        return new AliasRow(
                required(row, "id", Long.class),
                new AdapterId(
                        required(row, "tenant", String.class), required(row, "name", String.class)),
                required(row, "revision", Long.class),
                required(row, "updated_at", OffsetDateTime.class).toInstant());
    }
}
