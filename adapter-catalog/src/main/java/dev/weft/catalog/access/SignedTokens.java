package dev.weft.catalog.access;

import dev.weft.access.holder.HeldKey;
import dev.weft.access.holder.Holder;
import dev.weft.access.holder.HolderAuthentication;
import dev.weft.access.holder.Role;
import dev.weft.catalog.fault.BadRequestException;
import dev.weft.catalog.token.ClaimedLimits;
import dev.weft.protocol.adapter.AdapterId;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.JwtReactiveAuthenticationManager;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Signed tokens of an OAuth2 issuer. Their claims {@code weft_role} and {@code weft_tenant} say
 * what they allow, and {@code weft_limits} how much. The issuer is first asked when a token comes,
 * so the catalog starts without it.
 */
final class SignedTokens {
    private static final String ROLE = "weft_role";
    private static final String TENANT = "weft_tenant";
    private static final String LIMITS = "weft_limits";

    private SignedTokens() {}

    /** True for three parts with dots between them; Weft's own tokens have no dots. */
    static boolean looksLikeOne(String token) {
        return token.chars().filter(c -> c == '.').count() == 2;
    }

    /**
     * @param threads threads that may block, since the issuer's keys are fetched
     */
    static ReactiveAuthenticationManager manager(URI issuer, String audience, Scheduler threads) {
        JwtDecoder decoder = new SupplierJwtDecoder(() -> decoder(issuer, audience));
        var manager =
                new JwtReactiveAuthenticationManager(token ->
                        Mono.fromCallable(() -> decoder.decode(token)).subscribeOn(threads));
        manager.setJwtAuthenticationConverter(jwt -> Mono.just(holder(jwt)));
        return manager;
    }

    private static JwtDecoder decoder(URI issuer, String audience) {
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withIssuerLocation(issuer.toString()).build();
        decoder.setJwtValidator(
                new DelegatingOAuth2TokenValidator<>(
                        JwtValidators.createDefaultWithIssuer(issuer.toString()),
                        new JwtClaimValidator<List<String>>(
                                "aud", aud -> aud != null && aud.contains(audience))));
        return decoder;
    }

    private static AbstractAuthenticationToken holder(Jwt jwt) {
        Optional<Role> role = Optional.ofNullable(jwt.getClaimAsString(ROLE)).flatMap(Role::named);
        String tenant = jwt.getClaimAsString(TENANT);
        String subject = jwt.getSubject();
        if (role.isEmpty()
                || subject == null
                || subject.isBlank()
                || (role.get().ofTenant() && (tenant == null || !AdapterId.isName(tenant)))) {
            throw new InvalidBearerTokenException(
                    "it needs " + ROLE + ", " + TENANT + " and a subject");
        }
        return new HolderAuthentication(
                new Holder(
                        subject,
                        role.get(),
                        role.get().ofTenant() ? tenant : null,
                        jwt.getExpiresAt(),
                        key(jwt, role.get(), tenant, subject)));
    }

    /** All tokens of a subject share its limits, as those of a key do. */
    private static @Nullable HeldKey key(
            Jwt jwt, Role role, @Nullable String tenant, String subject) {
        Object claim = jwt.getClaim(LIMITS);
        if (claim == null) {
            return null;
        }
        try {
            return HeldKey.ofSubject(
                    (role.ofTenant() ? tenant : "") + "\n" + subject, ClaimedLimits.read(claim));
        } catch (BadRequestException e) {
            throw new InvalidBearerTokenException(LIMITS + ": " + e.getMessage(), e);
        }
    }
}
