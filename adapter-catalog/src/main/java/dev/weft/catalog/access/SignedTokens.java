package dev.weft.catalog.access;

import com.nimbusds.jwt.JWTParser;
import dev.weft.access.holder.HeldKey;
import dev.weft.access.holder.Holder;
import dev.weft.access.holder.HolderAuthentication;
import dev.weft.access.holder.Role;
import dev.weft.catalog.fault.BadRequestException;
import dev.weft.catalog.token.ClaimedLimits;
import dev.weft.protocol.adapter.AdapterId;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.JwtReactiveAuthenticationManager;
import org.springframework.web.client.RestOperations;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Signed tokens of an OAuth2 issuer. Their claims {@code weft_role} and {@code weft_tenant} say
 * what they allow, and {@code weft_limits} how much. The issuer is first asked when a token comes,
 * so the catalog starts without it.
 */
final class SignedTokens {
    private static final Logger LOG = LoggerFactory.getLogger(SignedTokens.class);
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
    static ReactiveAuthenticationManager manager(
            String issuer, String audience, Scheduler threads) {
        // one client for all tries, which each make a decoder while the issuer is away
        RestOperations documents = IssuerDocuments.client();
        JwtDecoder decoder = new SupplierJwtDecoder(() -> decoder(issuer, audience, documents));
        var manager =
                new JwtReactiveAuthenticationManager(token ->
                        Mono.fromCallable(() -> decoder.decode(wellFormed(token)))
                                .subscribeOn(threads));
        manager.setJwtAuthenticationConverter(jwt -> Mono.just(holder(jwt)));
        Outages outages = new Outages(issuer);
        return token ->
                manager.authenticate(token)
                        .onErrorMap(
                                e ->
                                        e instanceof AuthenticationServiceException
                                                || !(e instanceof AuthenticationException),
                                outages::tell);
    }

    /** Refuses text that is no signed token before the issuer is asked for its keys. */
    private static String wellFormed(String token) {
        try {
            JWTParser.parse(token);
            return token;
        } catch (ParseException e) {
            throw new BadJwtException("it is no signed token", e);
        }
    }

    /** Logs at most once a minute that the issuer is away, since anybody may send a token. */
    private static final class Outages {
        private static final Duration PAUSE = Duration.ofMinutes(1);

        private final String issuer;
        private final AtomicLong next = new AtomicLong(System.nanoTime());

        Outages(String issuer) {
            this.issuer = issuer;
        }

        AuthenticationServiceException tell(Throwable failure) {
            long now = System.nanoTime();
            long due = next.get();
            if (now - due >= 0 && next.compareAndSet(due, now + PAUSE.toNanos())) {
                LOG.error("signed tokens can't be checked: no keys from {}", issuer, failure);
            }
            return new AuthenticationServiceException(
                    "the issuer of signed tokens can't be asked for its keys", failure);
        }
    }

    /**
     * Makes a decoder that takes every algorithm: the issuer may change to another kind of keys.
     */
    private static JwtDecoder decoder(String issuer, String audience, RestOperations documents) {
        NimbusJwtDecoder decoder =
                NimbusJwtDecoder.withIssuerLocation(issuer)
                        .restOperations(documents)
                        .jwsAlgorithms(all -> all.addAll(List.of(SignatureAlgorithm.values())))
                        .build();
        var times = new JwtTimestampValidator();
        times.setAllowEmptyExpiryClaim(false); // nobody can take such a token back
        // RFC 9068 has access tokens say what they are
        var type = new JwtTypeValidator(List.of("JWT", "at+jwt", "application/at+jwt"));
        type.setAllowEmpty(true);
        decoder.setJwtValidator(
                JwtValidators.createDefaultWithValidators(
                        List.of(
                                times,
                                type,
                                new JwtIssuerValidator(issuer),
                                new JwtClaimValidator<List<String>>(
                                        "aud", aud -> aud != null && aud.contains(audience)))));
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
