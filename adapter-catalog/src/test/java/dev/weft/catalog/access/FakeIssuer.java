package dev.weft.catalog.access;

import com.nimbusds.jose.JOSEException;
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
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** An OAuth2 issuer on loopback: its metadata, its keys, and tokens that it signs. */
final class FakeIssuer implements AutoCloseable {
    private final HttpServer server;
    private final RSAKey key;

    FakeIssuer() throws IOException, JOSEException {
        key = new RSAKeyGenerator(2048).keyID("one").generate();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        serve(
                "/.well-known/openid-configuration",
                "{\"issuer\":\"%1$s\",\"jwks_uri\":\"%1$s/keys\",\"subject_types_supported\":[\"public\"]}"
                        .formatted(address()));
        serve("/keys", new JWKSet(key.toPublicJWK()).toString());
        server.start();
    }

    private void serve(String path, String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        server.createContext(
                path,
                exchange -> {
                    try (exchange) {
                        exchange.getResponseHeaders().set("Content-Type", "application/json");
                        exchange.sendResponseHeaders(200, bytes.length);
                        exchange.getResponseBody().write(bytes);
                    }
                });
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
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
                        .issuer(address().toString())
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
        SignedJWT jwt =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one").build(),
                        claims.build());
        jwt.sign(new RSASSASigner(with));
        return jwt.serialize();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
