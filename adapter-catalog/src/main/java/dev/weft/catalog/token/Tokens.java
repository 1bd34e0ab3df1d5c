package dev.weft.catalog.token;

import dev.weft.access.holder.Role;
import dev.weft.access.token.TokenHash;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.audit.AuditTable;
import dev.weft.catalog.audit.Change;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.DatabaseException;
import dev.weft.catalog.fault.NotFoundException;
import dev.weft.catalog.feed.EventTable;
import dev.weft.catalog.token.TokenTable.NewToken;
import dev.weft.protocol.adapter.AdapterId;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Tokens. A secret has 256 random bits and is told once; only its SHA-256 is kept, which for so
 * many bits is as good as a slow hash. Blocking, safe for any thread.
 */
public final class Tokens {
    private static final String PREFIX = "weft_";
    private static final int SECRET_BYTES = 32;

    /** How exactly the last use is known. */
    private static final Duration NOTED = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);

    /** What every secret looks like; nothing else is looked up. */
    private static final Pattern SHAPE = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");

    private final Database database;
    private final Clock clock;
    private final Runnable changed;
    private final SecureRandom random = new SecureRandom();

    /** Once true it stays so: tokens are revoked, never removed. */
    private volatile boolean any;

    /**
     * @param changed called after each event that this adds to the feed
     */
    public Tokens(Database database, Clock clock, Runnable changed) {
        this.database = database;
        this.clock = clock;
        this.changed = changed;
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
     * @param lifetime after which it ends by itself; null where it does not
     */
    public Made create(
            Actor actor,
            String name,
            Role role,
            @Nullable String tenant,
            @Nullable Duration lifetime) {
        if (role.ofTenant() != (tenant != null)) {
            throw new IllegalArgumentException(
                    "role " + role + (role.ofTenant() ? " needs a tenant" : " is for all tenants"));
        }
        Instant now = now();
        Instant expires = lifetime == null ? null : now.plus(lifetime);
        String secret = secret();
        Token token =
                database.transaction(tx -> {
                    long id =
                            TokenTable.insert(
                                    tx,
                                    new NewToken(
                                            name,
                                            TokenHash.of(secret),
                                            role,
                                            tenant,
                                            now,
                                            expires));
                    Token made = TokenTable.find(tx, id).orElseThrow();
                    audit(tx, actor, "token.create", made);
                    return made;
                });
        any = true;
        return new Made(token, secret);
    }

    /**
     * Makes a token that takes another one's place: of the same name, role and tenant, and for as
     * long as that one was made for.
     *
     * @param overlap how long the other one is good from now on; it ends sooner where it would have
     * @throws NotFoundException where there is none that is valid
     */
    public Made rotate(Actor actor, long id, Duration overlap) {
        Instant now = now();
        String secret = secret();
        Token token =
                database.transaction(tx -> {
                    Token old = TokenTable.find(tx, id).orElseThrow(() -> unknown(id));
                    if (old.revoked() != null
                            || (old.expires() != null && !now.isBefore(old.expires()))) {
                        throw new NotFoundException("token " + id + " is not valid any more");
                    }
                    Instant expires =
                            old.expires() == null
                                    ? null
                                    : now.plus(Duration.between(old.created(), old.expires()));
                    TokenTable.expire(tx, id, now.plus(overlap));
                    long made =
                            TokenTable.insert(
                                    tx,
                                    new NewToken(
                                            old.name(),
                                            TokenHash.of(secret),
                                            old.role(),
                                            old.tenant(),
                                            now,
                                            expires));
                    audit(tx, actor, "token.rotate", old);
                    EventTable.tokenChanged(tx, TokenTable.hash(tx, id));
                    return TokenTable.find(tx, made).orElseThrow();
                });
        changed.run();
        return new Made(token, secret);
    }

    private String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static NotFoundException unknown(long id) {
        return new NotFoundException("there is no token " + id);
    }

    /** All of them, the oldest first. */
    public List<Token> list() {
        return database.transaction(TokenTable::all);
    }

    /**
     * Takes a token back; nothing happens where it was already. Followers of the feed are told, so
     * that it counts where the catalog is not asked, too.
     *
     * @throws NotFoundException where there is none
     */
    public void revoke(Actor actor, long id) {
        database.transaction(tx -> {
            Token token = TokenTable.find(tx, id).orElseThrow(() -> unknown(id));
            TokenTable.revoke(tx, id, now());
            audit(tx, actor, "token.revoke", token);
            EventTable.tokenChanged(tx, TokenTable.hash(tx, id));
            return id;
        });
        changed.run();
    }

    /** True where it may be one: nobody has to look for what can't be there. */
    public static boolean looksLikeOne(String secret) {
        return SHAPE.matcher(secret).matches();
    }

    /** The token with that secret, where it is valid; that it is used is noted. */
    public Optional<Token> find(String secret) {
        String hash = TokenHash.of(secret);
        Instant now = now();
        Optional<Token> found = database.transaction(tx -> TokenTable.valid(tx, hash, now));
        if (found.isPresent()) {
            any = true; // another catalog of this database may have made it
        }
        found.filter(token -> token.used() == null || token.used().isBefore(now.minus(NOTED)))
                .ifPresent(token -> note(token.id(), now));
        return found;
    }

    private void note(long id, Instant now) {
        try {
            database.transaction(tx -> {
                TokenTable.used(tx, id, now);
                return id;
            });
        } catch (DatabaseException e) {
            LOG.debug("that token {} is used is not noted", id, e);
        }
    }

    /** True where it is known that there has been a token, without looking. Never blocks. */
    public boolean anyKnown() {
        return any;
    }

    /** True once there has been a token. */
    public boolean any() {
        if (!any) {
            any = database.transaction(TokenTable::any);
        }
        return any;
    }

    private void audit(JdbcClient tx, Actor actor, String action, Token token) {
        String tenant = token.tenant() == null ? AdapterId.DEFAULT_TENANT : token.tenant();
        AuditTable.write(
                tx,
                new Change(actor, tenant, action, token.name()),
                now(),
                null,
                Map.of("id", token.id(), "role", token.role().name()));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
