package dev.weft.catalog.registry;

import dev.weft.catalog.database.Transaction;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.Audience;
import io.r2dbc.spi.Row;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The statements on table {@code adapters}. Locks are held until the transaction ends. */
final class AdapterTable {
    private static final String COLUMNS =
            "id, tenant, name, current_version, newest_settled, shared_with";

    private AdapterTable() {}

    static Optional<AdapterRow> lock(Transaction tx, AdapterId id) {
        return tx
                .query(
                        "SELECT "
                                + COLUMNS
                                + " FROM adapters WHERE tenant = $1 AND live_name = $2 FOR UPDATE",
                        AdapterTable::read,
                        id.tenant(),
                        id.name())
                .stream()
                .findFirst();
    }

    static AdapterRow lock(Transaction tx, long row) {
        return tx.query(
                        "SELECT " + COLUMNS + " FROM adapters WHERE id = $1 FOR UPDATE",
                        AdapterTable::read,
                        row)
                .getFirst();
    }

    /** Takes the name; fails with an integrity violation where somebody else was faster. */
    static AdapterRow insert(Transaction tx, AdapterId id, Instant now) {
        long row =
                tx.insert(
                        "INSERT INTO adapters (tenant, name, live_name, newest_settled, created_at)"
                                + " VALUES ($1, $2, $3, 0, $4)",
                        id.tenant(),
                        id.name(),
                        id.name(),
                        now.atOffset(ZoneOffset.UTC));
        return new AdapterRow(row, id, null, 0, Audience.NOBODY);
    }

    static Optional<AdapterRow> find(Transaction tx, AdapterId id) {
        return tx
                .query(
                        "SELECT " + COLUMNS + " FROM adapters WHERE tenant = $1 AND live_name = $2",
                        AdapterTable::read,
                        id.tenant(),
                        id.name())
                .stream()
                .findFirst();
    }

    static List<AdapterRow> page(Transaction tx, String tenant, String after, int limit) {
        return tx.query(
                "SELECT "
                        + COLUMNS
                        + " FROM adapters WHERE tenant = $1 AND live_name > $2"
                        + " ORDER BY live_name FETCH FIRST "
                        + limit
                        + " ROWS ONLY",
                AdapterTable::read,
                tenant,
                after);
    }

    static void point(Transaction tx, AdapterRow adapter, long version) {
        tx.update(
                "UPDATE adapters SET current_version = $1, newest_settled = $2 WHERE id = $3",
                version,
                Math.max(version, adapter.newestSettled()),
                adapter.id());
    }

    static void settle(Transaction tx, AdapterRow adapter, long version) {
        tx.update(
                "UPDATE adapters SET newest_settled = $1 WHERE id = $2",
                Math.max(version, adapter.newestSettled()),
                adapter.id());
    }

    static void release(Transaction tx, AdapterRow adapter) {
        tx.update(
                "UPDATE adapters SET live_name = NULL, current_version = NULL WHERE id = $1",
                adapter.id());
    }

    private static AdapterRow read(Row row) {
        return new AdapterRow(
                Transaction.required(row, "id", Long.class),
                new AdapterId(
                        Transaction.required(row, "tenant", String.class),
                        Transaction.required(row, "name", String.class)),
                row.get("current_version", Long.class),
                Transaction.required(row, "newest_settled", Long.class),
                audience(row));
    }

    /** Column {@code shared_with}. */
    static Audience audience(Row row) {
        String tenants = Transaction.required(row, "shared_with", String.class);
        return tenants.isEmpty()
                ? Audience.NOBODY
                : new Audience(Arrays.asList(tenants.split(",", -1)));
    }

    static void share(Transaction tx, AdapterRow adapter, Audience audience) {
        tx.update(
                "UPDATE adapters SET shared_with = $1 WHERE id = $2",
                String.join(",", audience.tenants()),
                adapter.id());
    }
}
