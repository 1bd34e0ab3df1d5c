package dev.weft.catalog.registry;

import dev.weft.access.Role;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.Transaction;
import dev.weft.catalog.registry.AuditTable.Change;
import dev.weft.model.adapter.AdapterId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tokens. A secret has 256 random bits and is told once; only its SHA-256 is kept, which for so
 * many bits is as good as a slow hash. Blocking, safe for any thread.
 */
public final class Tokens {
    private static final String PREFIX = "weft_";
    private static final int SECRET_BYTES = 32;

    /** What every secret looks like; nothing else is looked up. */
    private static final Pattern SHAPE = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");

    private final Database database;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** Once true it stays so: tokens are revoked, never removed. */
    private volatile boolean any;

    public Tokens(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * A token that was made.
     *
     * @param secret what its holder sends; nobody can read it again
     */
    public record Made(Token token, String secret) {}

    /**
     * Makes a token.
     *
     * @param tenant whose adapters it is for; null for a role that is for all
     */
    public Made create(Actor actor, String name, Role role, @Nullable String tenant) {
        if (role.ofTenant() != (tenant != null)) {
            throw new IllegalArgumentException(
                    "role " + role + (role.ofTenant() ? " needs a tenant" : " is for all tenants"));
        }
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        String secret = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Token token =
                database.transaction(tx -> {
                    long id = TokenTable.insert(tx, name, hash(secret), role, tenant, now());
                    audit(tx, actor, "token.create", TokenTable.find(tx, id).orElseThrow());
                    return TokenTable.find(tx, id).orElseThrow();
                });
        any = true;
        return new Made(token, secret);
    }

    /** All of them, the oldest first. */
    public List<Token> list() {
        return database.transaction(TokenTable::all);
    }

    /**
     * Takes a token back; nothing happens where it was already.
     *
     * @throws UnknownAdapterException where there is none
     */
    public void revoke(Actor actor, long id) {
        database.transaction(tx -> {
            Token token =
                    TokenTable.find(tx, id)
                            .orElseThrow(
                                    () -> new UnknownAdapterException("there is no token " + id));
            TokenTable.revoke(tx, id, now());
            audit(tx, actor, "token.revoke", token);
            return id;
        });
    }

    /** True where it may be one: nobody has to look for what can't be there. */
    public static boolean looksLikeOne(String secret) {
        return SHAPE.matcher(secret).matches();
    }

    /** The token with that secret, unless it was taken back. */
    public Optional<Token> find(String secret) {
        String hash = hash(secret);
        return database.transaction(tx -> TokenTable.valid(tx, hash));
    }

    /** True once there has been a token. */
    public boolean any() {
        if (!any) {
            any = database.transaction(TokenTable::any);
        }
        return any;
    }

    private void audit(Transaction tx, Actor actor, String action, Token token) {
        String tenant = token.tenant() == null ? AdapterId.DEFAULT_TENANT : token.tenant();
        AuditTable.write(
                tx,
                new Change(actor, tenant, action, token.name()),
                now(),
                null,
                Map.of("id", token.id(), "role", token.role().name()));
    }

    private static String hash(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
