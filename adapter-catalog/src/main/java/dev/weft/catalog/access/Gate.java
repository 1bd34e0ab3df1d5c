package dev.weft.catalog.access;

import dev.weft.catalog.registry.Actor;
import dev.weft.catalog.registry.Role;
import dev.weft.catalog.registry.Tokens;
import dev.weft.model.adapter.AdapterId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides. Open to everybody as long as the catalog listens on loopback, no token was ever made and
 * no issuer is configured; closed to those without a valid token otherwise. Blocking.
 */
final class Gate {
    private static final Principal EVERYBODY =
            new Principal(Actor.ANONYMOUS.name(), Role.admin, null);

    private final AccessSettings settings;
    private final Tokens tokens;
    private final FirstToken first;

    Gate(AccessSettings settings, Tokens tokens, FirstToken first) {
        this.settings = settings;
        this.tokens = tokens;
        this.first = first;
    }

    /** True where a request needs no token. */
    boolean open() {
        return settings.loopback() && settings.jwtIssuer() == null && !tokens.any();
    }

    /** Whom a secret belongs to; empty where nobody. */
    Optional<Principal> holder(String secret) {
        if (same(secret, settings.internalToken())) {
            return Optional.of(new Principal("weft", Role.admin, null));
        }
        if (first.matches(secret) && !tokens.any()) {
            return Optional.of(new Principal("first token", Role.admin, null));
        }
        return tokens.find(secret)
                .map(token -> new Principal(token.name(), token.role(), token.tenant()));
    }

    /**
     * Decides for somebody.
     *
     * @param principal null where no token was sent
     * @param tenant that is asked for; null for the principal's own
     */
    Admission admit(@Nullable Principal principal, Need need, @Nullable String tenant) {
        Principal who = principal == null && open() ? EVERYBODY : principal;
        if (who == null) {
            return new Admission.Refused(
                    401,
                    tokens.any()
                            ? "a token is needed: Authorization: Bearer ..."
                            : "no token was made yet: 'weft tokens create' on this machine, with"
                                    + " the catalog's data folder, makes the first");
        }
        if (!need.metBy(who.role())) {
            return new Admission.Refused(
                    403, "role '" + who.role() + "' of '" + who.name() + "' does not allow this");
        }
        if (tenant != null && !AdapterId.isName(tenant)) {
            return new Admission.Refused(403, "tenant '" + tenant + "' is not allowed");
        }
        if (who.tenant() != null && tenant != null && !who.tenant().equals(tenant)) {
            return new Admission.Refused(
                    403, "'" + who.name() + "' is of tenant '" + who.tenant() + "'");
        }
        String asked = tenant == null ? who.tenant() : tenant;
        return new Admission.Admitted(
                new Requester(
                        new Actor(who.name()), asked == null ? AdapterId.DEFAULT_TENANT : asked));
    }

    private static boolean same(String secret, @Nullable String known) {
        return known != null
                && MessageDigest.isEqual(
                        secret.getBytes(StandardCharsets.UTF_8),
                        known.getBytes(StandardCharsets.UTF_8));
    }
}
