package dev.weft.catalog.token;

import dev.weft.access.holder.KeyLimits;
import dev.weft.access.holder.Role;
import dev.weft.access.key.TokenHash;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.DatabaseException;
import dev.weft.catalog.fault.NotFoundException;
import dev.weft.catalog.feed.EventTable;
import dev.weft.catalog.token.TokenTable.NewToken;
import dev.weft.catalog.token.TokenTable.TokenOwner;
import dev.weft.catalog.token.TokenTable.Validity;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The catalog's tokens. A secret has 256 random bits and is shown once. Only its SHA-256 is kept,
 * which is as good as a slow hash for so many bits. Calls block. Safe for any thread.
 */
public final class Tokens {
    private static final String PREFIX = "weft_";
    private static final int SECRET_BYTES = 32;

    /** The precision of the last use. */
    private static final Duration NOTED = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);

    /** The form of every secret; nothing else is looked up. */
    private static final Pattern SHAPE = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");

    private final Database database;
    private final Clock clock;
    private final Runnable changed;
    private final SecureRandom random = new SecureRandom();

    /** Whether there are tokens. Once true it stays so: tokens are revoked, never removed. */
    private volatile boolean any;

    /**
     * Creates the tokens of a database.
     *
     * @param changed called after each event that this adds to the feed
     */
    public Tokens(Database database, Clock clock, Runnable changed) {
        this.database = database;
        this.clock = clock;
        this.changed = changed;
    }

    /**
     * A new token.
     *
     * @param secret the text that its holder sends; nobody can read it again
     */
    public record Made(Token token, String secret) {}

    /**
     * Makes a token.
     *
     * @param tenant the tenant whose adapters it is for; null for a role that covers all
     * @param limits none for a service
     * @param lifetime the time until it expires; null if it never does
     */
    public Made create(
            Actor actor,
            String name,
            Role role,
            @Nullable String tenant,
            KeyLimits limits,
            @Nullable Duration lifetime) {
        if (role.ofTenant() != (tenant != null)) {
            throw new IllegalArgumentException(
                    "role " + role + (role.ofTenant() ? " needs a tenant" : " is for all tenants"));
        }
        Instant now = now();
        String secret = secret();
        Token token =
                database.transaction(tx -> {
                    long id =
                            TokenTable.insert(
                                    tx,
                                    new NewToken(
                                            null,
                                            TokenHash.of(secret),
                                            new TokenOwner(name, role, tenant),
                                            limits,
                                            new Validity(now, lifetime)));
                    Token made = TokenTable.find(tx, id).orElseThrow();
                    TokenAudit.done(tx, actor, "token.create", made, now);
                    return made;
                });
        any = true;
        return new Made(token, secret);
    }

    /**
     * Makes a token that replaces another one. It has the same name, role, tenant, limits and
     * lifetime, and its account. The lifetime is the one that somebody gave the other one, however
     * often it is rotated.
     *
     * @param overlap how long the other one stays valid, unless it expires sooner anyway
     * @throws NotFoundException if there is no valid token of that id
     */
    public Made rotate(Actor actor, long id, Duration overlap) {
        Instant now = now();
        String secret = secret();
        Token token =
                database.transaction(tx -> {
                    Token old = valid(tx, id, now);
                    Duration lifetime = TokenTable.lifetime(tx, old);
                    TokenTable.expire(tx, id, now.plus(overlap));
                    long made =
                            TokenTable.insert(
                                    tx,
                                    new NewToken(
                                            old.key(),
                                            TokenHash.of(secret),
                                            new TokenOwner(old.name(), old.role(), old.tenant()),
                                            old.limits(),
                                            new Validity(now, lifetime)));
                    TokenAudit.done(tx, actor, "token.rotate", old, now);
                    EventTable.tokenChanged(tx, TokenTable.hash(tx, id));
                    return TokenTable.find(tx, made).orElseThrow();
                });
        changed.run();
        return new Made(token, secret);
    }

    /**
     * Changes a token. Limits belong to its key: tokens that replaced it, or that it replaced, get
     * them, too.
     *
     * @throws NotFoundException if there is no valid token of that id
     * @throws BadRequestException if a service's token would get limits
     */
    public Token change(Actor actor, long id, TokenChange change) {
        Instant now = now();
        Token changed =
                database.transaction(tx -> {
                    Token old = valid(tx, id, now);
                    KeyLimits limits = change.limits(old);
                    TokenTable.limit(tx, old.key(), limits);
                    if (change.changesEnd()) {
                        TokenTable.live(tx, id, new Validity(now, change.lifetime()));
                    }
                    Token made = TokenTable.find(tx, id).orElseThrow();
                    TokenAudit.changed(tx, actor, old, made, now);
                    TokenTable.hashes(tx, old.key())
                            .forEach(hash -> EventTable.tokenChanged(tx, hash));
                    return made;
                });
        this.changed.run();
        return changed;
    }

    private static Token valid(JdbcClient tx, long id, Instant now) {
        Token token = TokenTable.lock(tx, id).orElseThrow(() -> unknown(id));
        Token.Times times = token.times();
        if (times.revoked() != null
                || (times.expires() != null && !now.isBefore(times.expires()))) {
            throw new NotFoundException("token " + id + " is not valid any more");
        }
        return token;
    }

    private String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static NotFoundException unknown(long id) {
        return new NotFoundException("there is no token " + id);
    }

    /** All tokens, the oldest first. */
    public List<Token> list() {
        return database.transaction(TokenTable::all);
    }

    /**
     * Revokes a token; nothing happens if it is revoked already. The feed tells its followers, so
     * those that don't ask the catalog refuse the token too.
     *
     * @throws NotFoundException if there is no such token
     */
    public void revoke(Actor actor, long id) {
        database.transaction(tx -> {
            Token token = TokenTable.lock(tx, id).orElseThrow(() -> unknown(id));
            TokenTable.revoke(tx, id, now());
            TokenAudit.done(tx, actor, "token.revoke", token, now());
            EventTable.tokenChanged(tx, TokenTable.hash(tx, id));
            return id;
        });
        changed.run();
    }

    /** True if the text has the form of a secret; no other text needs a look-up. */
    public static boolean looksLikeOne(String secret) {
        return SHAPE.matcher(secret).matches();
    }

    /** The token with that secret, if it is valid; notes its use. */
    public Optional<Token> find(String secret) {
        String hash = TokenHash.of(secret);
        Instant now = now();
        Optional<Token> found = database.transaction(tx -> TokenTable.valid(tx, hash, now));
        if (found.isPresent()) {
            any = true; // another catalog of this database may have made it
        }
        found.filter(token -> notedBefore(token.times().used(), now.minus(NOTED)))
                .ifPresent(token -> note(token.id(), now));
        return found;
    }

    private static boolean notedBefore(@Nullable Instant used, Instant moment) {
        return used == null || used.isBefore(moment);
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

    /** True if it is known, without a look-up, that there has been a token. Never blocks. */
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

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
