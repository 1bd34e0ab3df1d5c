package dev.weft.catalog.registry;

import static dev.weft.catalog.database.Transaction.nullable;
import static dev.weft.catalog.database.Transaction.required;

import dev.weft.access.Role;
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
            "SELECT id, name, role, tenant, created_at, revoked_at FROM tokens";

    private TokenTable() {}

    static long insert(
            Transaction tx,
            String name,
            String hash,
            Role role,
            @Nullable String tenant,
            Instant now) {
        return tx.insert(
                "INSERT INTO tokens (name, hash, role, tenant, created_at)"
                        + " VALUES ($1, $2, $3, $4, $5)",
                name,
                hash,
                role.name(),
                nullable(String.class, tenant),
                now.atOffset(ZoneOffset.UTC));
    }

    static Optional<Token> find(Transaction tx, long id) {
        return tx.query(SELECT + " WHERE id = $1", TokenTable::read, id).stream().findFirst();
    }

    static Optional<Token> valid(Transaction tx, String hash) {
        return tx
                .query(SELECT + " WHERE hash = $1 AND revoked_at IS NULL", TokenTable::read, hash)
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

    private static Token read(Row row) {
        OffsetDateTime revoked = row.get("revoked_at", OffsetDateTime.class);
        return new Token(
                required(row, "id", Long.class),
                required(row, "name", String.class),
                Role.valueOf(required(row, "role", String.class)),
                row.get("tenant", String.class),
                required(row, "created_at", OffsetDateTime.class).toInstant(),
                revoked == null ? null : revoked.toInstant());
    }
}
