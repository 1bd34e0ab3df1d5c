package dev.weft.catalog.registry;

import static dev.weft.catalog.database.Transaction.nullable;
import static dev.weft.catalog.database.Transaction.required;

import dev.weft.access.holder.Role;
import dev.weft.catalog.database.Transaction;
import io.r2dbc.spi.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The statements on table {@code tokens}. */
final class TokenTable {
    private static final String SELECT =
            "SELECT id, name, role, tenant, created_at, expires_at, last_used_at, revoked_at FROM"
                    + " tokens";

    private TokenTable() {}

    static long insert(
            Transaction tx,
            String name,
            String hash,
            Role role,
            @Nullable String tenant,
            Instant now,
            @Nullable Instant expires) {
        return tx.insert(
                "INSERT INTO tokens (name, hash, role, tenant, created_at, expires_at)"
                        + " VALUES ($1, $2, $3, $4, $5, $6)",
                name,
                hash,
                role.name(),
                nullable(String.class, tenant),
                now.atOffset(ZoneOffset.UTC),
                nullable(
                        OffsetDateTime.class,
                        expires == null ? null : expires.atOffset(ZoneOffset.UTC)));
    }

    static Optional<Token> find(Transaction tx, long id) {
        return tx.query(SELECT + " WHERE id = $1", TokenTable::read, id).stream().findFirst();
    }

    static String hash(Transaction tx, long id) {
        return tx.query(
                        "SELECT hash FROM tokens WHERE id = $1",
                        row -> required(row, "hash", String.class),
                        id)
                .getFirst();
    }

    static Optional<Token> valid(Transaction tx, String hash, Instant now) {
        return tx
                .query(
                        SELECT
                                + " WHERE hash = $1 AND revoked_at IS NULL"
                                + " AND (expires_at IS NULL OR expires_at > $2)",
                        TokenTable::read,
                        hash,
                        now.atOffset(ZoneOffset.UTC))
                .stream()
                .findFirst();
    }

    static List<Token> all(Transaction tx) {
        return tx.query(SELECT + " ORDER BY id", TokenTable::read);
    }

    static boolean any(Transaction tx) {
        return !tx.query("SELECT id FROM tokens FETCH FIRST 1 ROWS ONLY", row -> 1).isEmpty();
    }

    static void revoke(Transaction tx, long id, Instant now) {
        tx.update(
                "UPDATE tokens SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL",
                now.atOffset(ZoneOffset.UTC),
                id);
    }

    /** Ends at {@code end}, unless it ends before. */
    static void expire(Transaction tx, long id, Instant end) {
        tx.update(
                "UPDATE tokens SET expires_at = $1 WHERE id = $2"
                        + " AND (expires_at IS NULL OR expires_at > $1)",
                end.atOffset(ZoneOffset.UTC),
                id);
    }

    static void used(Transaction tx, long id, Instant now) {
        tx.update(
                "UPDATE tokens SET last_used_at = $1 WHERE id = $2"
                        + " AND (last_used_at IS NULL OR last_used_at < $1)",
                now.atOffset(ZoneOffset.UTC),
                id);
    }

    private static @Nullable Instant instant(Row row, String column) {
        OffsetDateTime time = row.get(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static Token read(Row row) {
        return new Token(
                required(row, "id", Long.class),
                required(row, "name", String.class),
                Role.valueOf(required(row, "role", String.class)),
                row.get("tenant", String.class),
                required(row, "created_at", OffsetDateTime.class).toInstant(),
                instant(row, "expires_at"),
                instant(row, "last_used_at"),
                instant(row, "revoked_at"));
    }
}
