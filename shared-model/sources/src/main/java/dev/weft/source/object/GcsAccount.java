package dev.weft.source.object;

import dev.weft.settings.secret.Secret;
import dev.weft.settings.secret.SecretException;
import dev.weft.source.object.StoreException.Kind;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Google service account. It signs an assertion and trades it for an access token, as RFC 7523
 * and Google's "OAuth 2.0 for server to server applications" describe. OpenDAL would do so too, but
 * always at one address of Google's, whatever {@code token_uri} says. Safe for any thread; callers
 * wait while a token is fetched.
 */
final class GcsAccount {
    private static final String SCOPE = "https://www.googleapis.com/auth/devstorage.read_write";
    private static final String GOOGLE = "https://oauth2.googleapis.com/token";
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ASSERTION = Duration.ofMinutes(30);

    /** A token is not used in its last minutes, since a long read may begin with it. */
    private static final Duration EARLY = Duration.ofMinutes(5);

    private static final int LONGEST_ANSWER = 64 << 10;
    private static final HttpClient HTTP =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT)
                    .proxy(HttpClient.Builder.NO_PROXY)
                    .build();

    private final String name;
    private final String email;
    private final String keyId;
    private final PrivateKey key;
    private final URI tokens;
    private final Clock clock;
    private final Duration silence;
    private @Nullable String token;
    private Instant until = Instant.MIN;

    private GcsAccount(Secret secret, JsonNode json, Clock clock, Duration silence)
            throws SecretException {
        this.name = secret.toString();
        this.email = required(secret, json, "client_email");
        this.keyId = json.path("private_key_id").asString("");
        this.key = key(secret, required(secret, json, "private_key"));
        this.tokens = address(secret, json.path("token_uri").asString(GOOGLE));
        this.clock = clock;
        this.silence = silence;
    }

    /**
     * Reads the key of a service account.
     *
     * @return null if the text is not a service account
     * @throws SecretException if it is such a key and can't be used
     */
    static @Nullable GcsAccount read(Secret secret, Clock clock, Duration silence)
            throws SecretException {
        JsonNode json;
        try {
            json = JsonMapper.shared().readTree(secret.text());
        } catch (JacksonException _) { // its message would show the text
            throw new SecretException(secret + " is not JSON");
        }
        return json.path("type").asString("").equals("service_account")
                ? new GcsAccount(secret, json, clock, silence)
                : null;
    }

    /** A token that is valid for some minutes at least. */
    synchronized String token() throws StoreException {
        String known = token;
        if (known == null || !clock.instant().isBefore(until)) {
            known = fetch();
            token = known;
        }
        return known;
    }

    private String fetch() throws StoreException {
        Instant now = clock.instant();
        String form = "grant_type=" + encode(GRANT) + "&assertion=" + encode(assertion(now));
        HttpRequest request =
                HttpRequest.newBuilder(tokens)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build();
        CompletableFuture<HttpResponse<byte[]>> answer =
                HTTP.sendAsync(
                        request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST_ANSWER));
        try {
            HttpResponse<byte[]> response = answer.get(silence.toNanos(), TimeUnit.NANOSECONDS);
            return token(response.statusCode(), json(response.body()), now);
        } catch (TimeoutException _) {
            boolean _ = answer.cancel(true);
            throw new StoreException(Kind.TIMEOUT, where() + ": no answer within " + silence);
        } catch (ExecutionException e) {
            Kind kind =
                    e.getCause() instanceof HttpTimeoutException ? Kind.TIMEOUT : Kind.UNAVAILABLE;
            throw new StoreException(kind, where() + ": " + e.getCause());
        } catch (InterruptedException _) {
            boolean _ = answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new StoreException(Kind.UNAVAILABLE, where() + ": interrupted");
        }
    }

    private String token(int status, JsonNode json, Instant now) throws StoreException {
        String given = json.path("access_token").asString("");
        if (status == 200 && !given.isEmpty()) {
            long seconds = json.path("expires_in").asLong(0);
            until = now.plusSeconds(seconds).minus(EARLY);
            return given;
        }
        // The answer may hold the text that was sent: only the error's own code is shown.
        String error = json.path("error").asString("");
        String said = error.matches("[a-z_]{1,40}") ? " " + error : "";
        Kind kind = status / 100 == 4 && status != 429 ? Kind.DENIED : Kind.UNAVAILABLE;
        throw new StoreException(kind, where() + ": answered " + status + said);
    }

    private String where() {
        return name + ": no access token from " + tokens;
    }

    private String assertion(Instant now) {
        Map<String, String> head =
                keyId.isEmpty()
                        ? Map.of("alg", "RS256", "typ", "JWT")
                        : Map.of("alg", "RS256", "typ", "JWT", "kid", keyId);
        Map<String, Object> claims =
                Map.of(
                        "iss", email,
                        "scope", SCOPE,
                        "aud", tokens.toString(),
                        "iat", now.getEpochSecond(),
                        "exp", now.plus(ASSERTION).getEpochSecond());
        String signed = base64(JsonMapper.shared().writeValueAsBytes(head)) + "." + claims(claims);
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key that was read signs nothing", e);
        }
    }

    private static String claims(Map<String, Object> claims) {
        return base64(JsonMapper.shared().writeValueAsBytes(claims));
    }

    private static JsonNode json(byte[] answer) {
        try {
            return JsonMapper.shared().readTree(answer);
        } catch (JacksonException _) {
            return JsonMapper.shared().createObjectNode();
        }
    }

    private static String required(Secret secret, JsonNode json, String field)
            throws SecretException {
        String value = json.path(field).asString("");
        if (value.isBlank()) {
            throw new SecretException(
                    secret + ": the key of a service account has the field " + field);
        }
        return value;
    }

    private static PrivateKey key(Secret secret, String pem) throws SecretException {
        try {
            String body = pem.replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "");
            byte[] pkcs8 = Base64.getMimeDecoder().decode(body);
            return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException | IllegalArgumentException _) { // would show the key
            throw new SecretException(
                    secret + ": its private_key is not an RSA key in PKCS #8 PEM");
        }
    }

    private static URI address(Secret secret, String text) throws SecretException {
        URI uri = text.matches("https?://[^\\s?#]+") ? URI.create(text) : null;
        if (uri == null || uri.getHost() == null) {
            throw new SecretException(secret + ": its token_uri is not an http or https address");
        }
        return uri;
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Shows its name only. */
    @Override
    public String toString() {
        return name;
    }
}
