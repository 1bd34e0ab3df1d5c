package dev.weft.catalog.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An OAuth2 issuer on loopback: its metadata, its keys, and tokens that it signs. */
final class FakeIssuer implements AutoCloseable {
    private final HttpServer server;
    private final RSAKey key;
    private final AtomicInteger asked = new AtomicInteger();

    /** It answers, and has none of its documents. */
    volatile boolean fails;

    FakeIssuer() throws IOException, JOSEException {
        this(new RSAKeyGenerator(2048).keyID("one").generate(), 0);
    }

    private FakeIssuer(RSAKey key, int port) throws IOException {
        this.key = key;
        server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        serve(
                "/.well-known/openid-configuration",
                "{\"issuer\":\"%1$s\",\"jwks_uri\":\"%1$skeys\",\"subject_types_supported\":[\"public\"]}"
                        .formatted(identifier()));
        serve("/keys", new JWKSet(key.toPublicJWK()).toString());
        server.start();
    }

    /** The same issuer after it was closed: its address and its key. */
    FakeIssuer again() throws IOException {
        return new FakeIssuer(key, server.getAddress().getPort());
    }

    private void serve(String path, String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        server.createContext(
                path,
                exchange -> {
                    try (exchange) {
                        asked.incrementAndGet();
                        exchange.getResponseHeaders().set("Content-Type", "application/json");
                        exchange.sendResponseHeaders(fails ? 500 : 200, bytes.length);
                        exchange.getResponseBody().write(bytes);
                    }
                });
    }

    /** With a slash at its end, as many issuers have it. */
    String identifier() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /**
     * @param seconds time until it expires; negative for an expired one
     */
    String token(String audience, long seconds, String role, @Nullable String tenant)
            throws JOSEException {
        return signed(key, claims(audience, seconds, role, tenant));
    }

    /** A client's token that claims limits. */
    String limited(String subject, Object limits) throws JOSEException {
        return signed(
                key,
                claims("weft", 60, "client", "acme").subject(subject).claim("weft_limits", limits));
    }

    /** An owner's token of any subject. */
    String owner(String subject) throws JOSEException {
        return signed(key, claims("weft", 60, "owner", "acme").subject(subject));
    }

    /** A token that says what it is, as RFC 9068 wants it. */
    String typed() throws JOSEException {
        var head = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one");
        return signed(
                key,
                head.type(new JOSEObjectType("at+jwt")).build(),
                claims("weft", 60, "admin", null));
    }

    /** A token that would hold for ever. */
    String endless() throws JOSEException {
        return signed(key, claims("weft", 60, "admin", null).expirationTime(null));
    }

    /** A token that names a key which the issuer does not have. */
    String ofUnknownKey(String id) throws JOSEException {
        var head = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(id);
        return signed(key, head.build(), claims("weft", 60, "admin", null));
    }

    /** Requests for its documents. */
    int asked() {
        return asked.get();
    }

    /** A token that somebody else has signed under this issuer's name. */
    String forged(String audience) throws JOSEException {
        RSAKey other = new RSAKeyGenerator(2048).keyID("one").generate();
        return signed(other, claims(audience, 60, "admin", null));
    }

    private JWTClaimsSet.Builder claims(
            String audience, long seconds, String role, @Nullable String tenant) {
        Instant now = Instant.now();
        JWTClaimsSet.Builder claims =
                new JWTClaimsSet.Builder()
                        .issuer(identifier())
                        .subject("anna@example.org")
                        .audience(audience)
                        .issueTime(Date.from(now.minusSeconds(1_000)))
                        .expirationTime(Date.from(now.plusSeconds(seconds)))
                        .claim("weft_role", role);
        if (tenant != null) {
            claims.claim("weft_tenant", tenant);
        }
        return claims;
    }

    private static String signed(RSAKey with, JWTClaimsSet.Builder claims) throws JOSEException {
        return signed(with, new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one").build(), claims);
    }

    private static String signed(RSAKey with, JWSHeader head, JWTClaimsSet.Builder claims)
            throws JOSEException {
        SignedJWT jwt = new SignedJWT(head, claims.build());
        jwt.sign(new RSASSASigner(with));
        return jwt.serialize();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
