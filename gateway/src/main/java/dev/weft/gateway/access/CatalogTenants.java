package dev.weft.gateway.access;

import dev.weft.model.adapter.AdapterId;
import dev.weft.model.error.ApiException;
import dev.weft.model.error.ErrorCode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks the catalog whose a token is, and remembers that for a while under the token's SHA-256. A
 * token that was valid goes on to be while the catalog is away; one that was taken back is refused
 * within {@link #FRESH}. Any thread.
 */
final class CatalogTenants implements Tenants, AutoCloseable {
    /** How long an answer is taken for true without asking again. */
    static final Duration FRESH = Duration.ofSeconds(30);

    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final int MOST = 10_000;
    private static final String BEARER = "bearer ";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final URI whose;
    private final @Nullable String token;
    private final Clock clock;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(DEADLINE)
                    .build();

    /**
     * @param tenant empty where nobody knows the token
     */
    private record Known(Optional<String> tenant, Instant until) {}

    private record Question(String token) {}

    private record Answer(boolean known, @Nullable String tenant) {}

    /**
     * @param token of this gateway, sent to the catalog; null for none
     */
    CatalogTenants(URI catalog, @Nullable String token, Clock clock) {
        this.whose = catalog.resolve("/access/v1/whose");
        this.token = token;
        this.clock = clock;
    }

    @Override
    public Mono<String> of(HttpHeaders headers) {
        String sent = bearer(headers);
        if (sent == null) {
            return Mono.error(
                    new ApiException(
                            ErrorCode.INVALID_API_KEY,
                            "You didn't provide an API key: Authorization: Bearer YOUR_KEY."));
        }
        String hash = hash(sent);
        Known before = known.get(hash);
        if (before != null && clock.instant().isBefore(before.until())) {
            return result(before.tenant());
        }
        return Mono.fromFuture(() -> ask(sent))
                .map(answer -> remember(hash, answer))
                .onErrorResume(failure ->
                        before != null && before.tenant().isPresent()
                                ? Mono.just(before.tenant())
                                : Mono.error(unavailable(failure)))
                .flatMap(CatalogTenants::result);
    }

    private Optional<String> remember(String hash, Answer answer) {
        Optional<String> tenant =
                answer.known()
                        ? Optional.of(
                                answer.tenant() == null
                                        ? AdapterId.DEFAULT_TENANT
                                        : answer.tenant())
                        : Optional.empty();
        if (known.size() >= MOST) {
            known.clear(); // somebody tries tokens: rather ask again than grow
        }
        known.put(hash, new Known(tenant, clock.instant().plus(FRESH)));
        return tenant;
    }

    private CompletableFuture<Answer> ask(String sent) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(whose)
                        .timeout(DEADLINE)
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofByteArray(
                                        JSON.writeValueAsBytes(new Question(sent))));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(CatalogTenants::read);
    }

    private static Answer read(HttpResponse<byte[]> response) {
        if (response.statusCode() != 200) {
            throw new IllegalStateException("the catalog answered " + response.statusCode());
        }
        try {
            return JSON.readValue(response.body(), Answer.class);
        } catch (JacksonException e) {
            throw new IllegalStateException("the catalog's answer is no JSON", e);
        }
    }

    private static Mono<String> result(Optional<String> tenant) {
        return tenant.map(Mono::just)
                .orElseGet(() ->
                        Mono.error(
                                new ApiException(
                                        ErrorCode.INVALID_API_KEY, "Incorrect API key provided.")));
    }

    private static ApiException unavailable(Throwable failure) {
        return new ApiException(
                ErrorCode.ACCESS_UNAVAILABLE,
                "Whose the API key is can't be told now: the catalog does not answer.",
                failure);
    }

    private static @Nullable String bearer(HttpHeaders headers) {
        String header = headers.getFirst(HttpHeaders.AUTHORIZATION);
        return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? header.substring(BEARER.length()).strip()
                : null;
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

    @Override
    public void close() {
        client.shutdownNow();
    }
}
