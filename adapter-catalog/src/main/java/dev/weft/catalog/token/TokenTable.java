package dev.weft.catalog.token;

import dev.weft.access.holder.KeyLimits;
import dev.weft.access.holder.Role;
import dev.weft.catalog.database.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** The statements on table {@code tokens}. */
final class TokenTable {
    private TokenTable() {}

    /**
     * A token that doesn't exist yet.
     *
     * @param key id of the first of the tokens that it replaces; null if it replaces none
     * @param hash of its secret
     */
    record NewToken(
            @Nullable Long key,
            String hash,
            TokenOwner holder,
            KeyLimits limits,
            Validity validity) {}

    /**
     * The owner of a token.
     *
     * @param tenant the tenant whose adapters it is for; null for all
     */
    record TokenOwner(String name, Role role, @Nullable String tenant) {}

    /**
     * When a token is valid.
     *
     * @param lifetime null if it never expires
     */
    record Validity(Instant from, @Nullable Duration lifetime) {
        @Nullable OffsetDateTime to() {
            return lifetime == null ? null : Rows.time(from.plus(lifetime));
        }

        /** The lifetime as the column has it; 0 if the token never expires. */
        long millis() {
            return lifetime == null ? 0 : lifetime.toMillis();
        }
    }

    static long insert(JdbcClient tx, NewToken token) {
        return Rows.insert(
                tx.sql(
                                """
                                INSERT INTO tokens
                                    (key_id, name, hash, role, tenant, limits, created_at,
                                    expires_at, lifetime_millis)
                                VALUES (:key, :name, :hash, :role, :tenant, :limits, :created,
                                    :expires, :lifetime)
                                """)
                        .param("key", token.key(), Types.BIGINT)
                        .param("name", token.holder().name())
                        .param("hash", token.hash())
                        .param("role", token.holder().role().name())
                        .param("tenant", token.holder().tenant(), Types.VARCHAR)
                        .param("limits", json(token.limits()), Types.VARCHAR)
                        .param("created", Rows.time(token.validity().from()))
                        .param("expires", token.validity().to(), Types.TIMESTAMP_WITH_TIMEZONE)
                        .param("lifetime", token.validity().millis()));
    }

    static Optional<Token> find(JdbcClient tx, long id) {
        return tx.sql(
                        """
                        SELECT id, COALESCE(key_id, id) AS key_id, name, role, tenant, limits,
                            created_at, expires_at, last_used_at, revoked_at
                        FROM tokens
                        WHERE id = :id
                        """)
                .param("id", id)
                .query(TokenTable::read)
                .optional();
    }

    /** Finds a token, and locks all tokens of its key until the transaction ends. */
    static Optional<Token> lock(JdbcClient tx, long id) {
        // the lock on the key's first token holds for all of them, also for those that others add
        return tx.sql(
                        """
                        SELECT id FROM tokens
                        WHERE id = (SELECT COALESCE(key_id, id) FROM tokens WHERE id = :id)
                        FOR UPDATE
                        """)
                .param("id", id)
                .query(Long.class)
                .optional()
                .flatMap(_ -> find(tx, id));
    }

    static String hash(JdbcClient tx, long id) {
        return tx.sql("SELECT hash FROM tokens WHERE id = :id")
                .param("id", id)
                .query((row, _) -> Rows.text(row, "hash"))
                .single();
    }

    static Optional<Token> valid(JdbcClient tx, String hash, Instant now) {
        return tx.sql(
                        """
                        SELECT id, COALESCE(key_id, id) AS key_id, name, role, tenant, limits,
                            created_at, expires_at, last_used_at, revoked_at
                        FROM tokens
                        WHERE hash = :hash AND revoked_at IS NULL
                            AND (expires_at IS NULL OR expires_at > :now)
                        """)
                .param("hash", hash)
                .param("now", Rows.time(now))
                .query(TokenTable::read)
                .optional();
    }

    static List<Token> all(JdbcClient tx) {
        return tx.sql(
                        """
                        SELECT id, COALESCE(key_id, id) AS key_id, name, role, tenant, limits,
                            created_at, expires_at, last_used_at, revoked_at
                        FROM tokens
                        ORDER BY id
                        """)
                .query(TokenTable::read)
                .list();
    }

    static boolean any(JdbcClient tx) {
        return tx.sql("SELECT id FROM tokens FETCH FIRST 1 ROWS ONLY")
                .query((row, _) -> row.getLong("id"))
                .optional()
                .isPresent();
    }

    static void revoke(JdbcClient tx, long id, Instant now) {
        tx.sql("UPDATE tokens SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL")
                .param("now", Rows.time(now))
                .param("id", id)
                .update();
    }

    /** Lets the token expire at {@code end}, unless it expires earlier. */
    static void expire(JdbcClient tx, long id, Instant end) {
        tx.sql(
                        """
                        UPDATE tokens SET expires_at = :end
                        WHERE id = :id AND (expires_at IS NULL OR expires_at > :end)
                        """)
                .param("end", Rows.time(end))
                .param("id", id)
                .update();
    }

    static void used(JdbcClient tx, long id, Instant now) {
        tx.sql(
                        """
                        UPDATE tokens SET last_used_at = :now
                        WHERE id = :id AND (last_used_at IS NULL OR last_used_at < :now)
                        """)
                .param("now", Rows.time(now))
                .param("id", id)
                .update();
    }

    /** Sets the limits of all tokens of a key. */
    static void limit(JdbcClient tx, long key, KeyLimits limits) {
        tx.sql("UPDATE tokens SET limits = :limits WHERE COALESCE(key_id, id) = :key")
                .param("limits", json(limits), Types.VARCHAR)
                .param("key", key)
                .update();
    }

    /** Gives a token another lifetime, from that moment on. */
    static void live(JdbcClient tx, long id, Validity validity) {
        tx.sql("UPDATE tokens SET expires_at = :end, lifetime_millis = :lifetime WHERE id = :id")
                .param("end", validity.to(), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("lifetime", validity.millis())
                .param("id", id)
                .update();
    }

    /**
     * How long a token was meant to last; null if it never expires. If a row does not say, the
     * token's times tell it, and the row says it from then on: a rotation is about to change these
     * times.
     */
    static @Nullable Duration lifetime(JdbcClient tx, Token token) {
        Token.Times times = token.times();
        Validity known =
                new Validity(
                        times.created(),
                        times.expires() == null
                                ? null
                                : Duration.between(times.created(), times.expires()));
        tx.sql(
                        """
                        UPDATE tokens SET lifetime_millis = :lifetime
                        WHERE id = :id AND lifetime_millis IS NULL
                        """)
                .param("lifetime", known.millis())
                .param("id", token.id())
                .update();
        long millis =
                tx.sql("SELECT lifetime_millis FROM tokens WHERE id = :id")
                        .param("id", token.id())
                        .query((row, _) -> row.getLong("lifetime_millis"))
                        .single();
        return millis == 0 ? null : Duration.ofMillis(millis);
    }

    /** Hashes of the tokens of a key that were not revoked. */
    static List<String> hashes(JdbcClient tx, long key) {
        return tx.sql(
                        """
                        SELECT hash FROM tokens
                        WHERE COALESCE(key_id, id) = :key AND revoked_at IS NULL
                        ORDER BY id
                        """)
                .param("key", key)
                .query((row, _) -> Rows.text(row, "hash"))
                .list();
    }

    private static @Nullable String json(KeyLimits limits) {
        return limits.isNone() ? null : JsonMapper.shared().writeValueAsString(limits);
    }

    private static KeyLimits limits(@Nullable String json) {
        return json == null ? KeyLimits.NONE : JsonMapper.shared().readValue(json, KeyLimits.class);
    }

    private static Token read(ResultSet row, int place) throws SQLException {
        return new Token(
                row.getLong("id"),
                row.getLong("key_id"),
                Rows.text(row, "name"),
                Role.valueOf(Rows.text(row, "role")),
                row.getString("tenant"),
                limits(row.getString("limits")),
                new Token.Times(
                        Rows.instant(row, "created_at"),
                        Rows.instantOrNull(row, "expires_at"),
                        Rows.instantOrNull(row, "last_used_at"),
                        Rows.instantOrNull(row, "revoked_at")));
    }
}
