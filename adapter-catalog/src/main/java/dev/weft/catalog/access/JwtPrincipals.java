package dev.weft.catalog.access;

import dev.weft.catalog.registry.Role;
import dev.weft.model.adapter.AdapterId;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/**
 * Reads tokens that an identity provider has signed: issuer, audience, signature and times are
 * checked, claim {@code weft_role} names the role and {@code weft_tenant} the tenant. Blocking,
 * since keys are fetched from the issuer when they are needed.
 */
final class JwtPrincipals {
    private static final Logger LOG = LoggerFactory.getLogger(JwtPrincipals.class);
    private static final String ROLE = "weft_role";
    private static final String TENANT = "weft_tenant";

    private final URI issuer;
    private final String audience;
    private volatile @Nullable JwtDecoder decoder;

    JwtPrincipals(URI issuer, String audience) {
        this.issuer = issuer;
        this.audience = audience;
    }

    /** Three parts with dots between them; tokens of our own have none. */
    static boolean looksLikeOne(String token) {
        return token.chars().filter(c -> c == '.').count() == 2;
    }

    /** Whom the token is for; empty where it is not valid or says nothing of Weft. */
    Optional<Principal> read(String token) {
        try {
            return principal(decoder().decode(token));
        } catch (JwtException | IllegalArgumentException | IllegalStateException e) {
            LOG.info("a signed token is refused: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<Principal> principal(Jwt jwt) {
        Optional<Role> role = Optional.ofNullable(jwt.getClaimAsString(ROLE)).flatMap(Role::named);
        String tenant = jwt.getClaimAsString(TENANT);
        String subject = jwt.getSubject();
        if (role.isEmpty()
                || subject == null
                || (role.get().ofTenant() && (tenant == null || !AdapterId.isName(tenant)))) {
            LOG.info("a signed token is refused: it needs {}, {} and a subject", ROLE, TENANT);
            return Optional.empty();
        }
        return Optional.of(
                new Principal(subject, role.get(), role.get().ofTenant() ? tenant : null));
    }

    /** Made when it is first needed: the catalog starts without the issuer. */
    private JwtDecoder decoder() {
        JwtDecoder made = decoder;
        if (made == null) {
            NimbusJwtDecoder nimbus =
                    NimbusJwtDecoder.withIssuerLocation(issuer.toString()).build();
            nimbus.setJwtValidator(
                    new DelegatingOAuth2TokenValidator<>(
                            JwtValidators.createDefaultWithIssuer(issuer.toString()),
                            new JwtClaimValidator<List<String>>(
                                    "aud", aud -> aud != null && aud.contains(audience))));
            decoder = nimbus;
            made = nimbus;
        }
        return made;
    }
}
