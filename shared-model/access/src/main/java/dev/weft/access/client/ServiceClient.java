package dev.weft.access.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Calls services. Each exchange has one deadline, from its start to the last byte of the answer;
 * the JDK's own ends with the answer's head. An exchange that nobody waits for any more is
 * cancelled. Any thread.
 */
public final class ServiceClient implements AutoCloseable {
    private final @Nullable String token;
    private final HttpClient http;

    /**
     * A client with a token.
     *
     * @param token sent with each request; null for none
     * @param http how services are reached; it is closed with this
     */
    public ServiceClient(@Nullable String token, HttpClient http) {
        this.token = token;
        this.http = http;
    }

    /** Begins a request, {@code GET} if no other method is chosen. */
    public HttpRequest.Builder request(URI address) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    /** Begins a {@code POST} of JSON. */
    public HttpRequest.Builder post(URI address, byte[] json) {
        return request(address)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(json));
    }

    /**
     * Sends a request.
     *
     * @return fails if there is no whole answer within the deadline
     */
    public <T> CompletableFuture<HttpResponse<T>> send(
            HttpRequest.Builder request, BodyHandler<T> body, Duration deadline) {
        var exchange = http.sendAsync(request.timeout(deadline).build(), body);
        var answer = exchange.copy().orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS);
        var _ = answer.whenComplete((_, _) -> exchange.cancel(true));
        return answer;
    }

    /**
     * Sends a request and waits for the answer.
     *
     * @throws IOException if there is no whole answer within the deadline
     */
    public <T> HttpResponse<T> exchange(
            HttpRequest.Builder request, BodyHandler<T> body, Duration deadline)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<T>> answer = send(request, body, deadline);
        try {
            return answer.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failure -> throw failure;
                case TimeoutException _ ->
                        throw new HttpTimeoutException(
                                "no whole answer within " + deadline.toSeconds() + " s");
                case null, default -> throw new IOException(e.getCause());
            }
        } finally {
            answer.cancel(true);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
