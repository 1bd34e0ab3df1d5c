package dev.weft.inference.server.http.relay;

import dev.weft.inference.relay.host.ServerSigns;
import dev.weft.inference.server.trace.CompletionTrace;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.util.AttributeKey;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * Connections that carry requests to the server beside the worker. A request uses a connection of
 * the event loop that also has the client's connection. Otherwise each event of an answer would be
 * passed from one loop's thread to another's. Any thread.
 */
final class ServerConnection implements AutoCloseable {
    private static final int CONNECT_MILLIS = 2_000;
    private static final int MOST_CONNECTIONS = 4_096;

    /** Shorter than the five seconds after which uvicorn closes a connection that is not used. */
    private static final Duration IDLE = Duration.ofSeconds(4);

    private static final List<String> PASSED =
            List.of(
                    HttpHeaders.ACCEPT,
                    "traceparent",
                    "tracestate",
                    "x-request-id",
                    "anthropic-version");

    /** HTTP clients with different values of this attribute use different pools of connections. */
    private static final AttributeKey<EventLoop> LOOP =
            AttributeKey.valueOf(ServerConnection.class, "loop");

    private final ConnectionProvider provider =
            ConnectionProvider.builder("relay")
                    .maxConnections(MOST_CONNECTIONS)
                    .maxIdleTime(IDLE)
                    .pendingAcquireTimeout(Duration.ofMillis(CONNECT_MILLIS))
                    .build();
    private final HttpClient http;
    private final ServerSigns signs;

    /** Ends the exchanges that are under way. */
    private final Sinks.Many<ApiException> broken = Sinks.many().multicast().directBestEffort();

    private final URI address;
    private final @Nullable String key;

    private final Map<EventLoop, WebClient> clients = new ConcurrentHashMap<>();

    /**
     * @param address of the server, without a path
     * @param key that the server asks for; null for none
     * @param silence longest time that it may send nothing while it owes an answer
     * @param signs told what the server owes and sends; when they say that it hangs, all that it
     *     owes ends with an error
     */
    ServerConnection(URI address, @Nullable String key, Duration silence, ServerSigns signs) {
        this.signs = signs;
        signs.whenHung(this::breakOff);
        this.address = address;
        this.key = key;
        this.http =
                HttpClient.create(provider)
                        .disableRetry(true)
                        .responseTimeout(silence)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS);
    }

    private WebClient client(ServerHttpRequest request) {
        if (!(ServerHttpRequestDecorator.getNativeRequest(request) instanceof Connection client)) {
            throw new IllegalStateException("requests come over Reactor Netty's connections");
        }
        return clients.computeIfAbsent(client.channel().eventLoop(), this::client);
    }

    private WebClient client(EventLoop loop) {
        WebClient.Builder builder =
                WebClient.builder()
                        .baseUrl(address.toString())
                        .clientConnector(
                                new ReactorClientHttpConnector(http.runOn(loop).attr(LOOP, loop)));
        if (key != null) {
            builder.defaultHeader(HttpHeaders.AUTHORIZATION, "Bearer " + key);
        }
        return builder.build();
    }

    /**
     * Sends a request. A subscriber that cancels closes its connection, so that the server knows
     * that nobody waits.
     *
     * @param request of the client; the server gets those of its headers that it may know
     * @param trace that the server continues; the client's own if the worker has none
     */
    <T> Mono<T> post(
            String path,
            byte[] body,
            ServerHttpRequest request,
            CompletionTrace trace,
            Function<ClientResponse, Mono<T>> answer) {
        return Mono.defer(() -> {
            Progress progress = new Progress(RelayRoutes.runsModel(path));
            if (progress.ofEngine) {
                signs.owed();
            }
            return exchange(path, body, request, trace, heard(answer, progress))
                    // an answer that has begun ends by its body
                    .takeUntilOther(breaks(() -> !progress.begun))
                    .doFinally(_ -> settle(progress));
        });
    }

    private void settle(Progress progress) {
        if (progress.ofEngine) {
            signs.settled(progress.over && !progress.refused);
        }
    }

    /** The server's engine has sent something. */
    void heard() {
        signs.heard();
    }

    /** How far an answer has come. */
    private static final class Progress {
        /** Whether the engine makes the answer, and not the server's front end alone. */
        private final boolean ofEngine;

        /** The front end has refused the request, which it does while its engine hangs, too. */
        private volatile boolean refused;

        private volatile boolean begun;
        private volatile boolean over;

        Progress(boolean ofEngine) {
            this.ofEngine = ofEngine;
        }
    }

    private <T> Mono<T> exchange(
            String path,
            byte[] body,
            ServerHttpRequest request,
            CompletionTrace trace,
            Function<ClientResponse, Mono<T>> answer) {
        HttpHeaders headers = request.getHeaders();
        return client(request)
                .post()
                .uri(path)
                .contentType(MediaType.APPLICATION_JSON)
                .headers(sent -> {
                    for (String name : PASSED) {
                        String value = headers.getFirst(name);
                        if (value != null) {
                            sent.set(name, value);
                        }
                    }
                    trace.headers(sent::set);
                })
                .bodyValue(body)
                .exchangeToMono(answer);
    }

    private <T> Function<ClientResponse, Mono<T>> heard(
            Function<ClientResponse, Mono<T>> answer, Progress progress) {
        return response -> {
            progress.begun = true;
            progress.refused = !response.statusCode().is2xxSuccessful();
            boolean speaks = progress.ofEngine && !progress.refused;
            // a stream's head comes before its engine has begun, and the reader of a stream knows
            // which of its pieces are signs of the engine
            boolean events =
                    response.headers()
                            .contentType()
                            .filter(MediaType.TEXT_EVENT_STREAM::isCompatibleWith)
                            .isPresent();
            Runnable sign = events || !speaks ? () -> {} : signs::heard;
            sign.run();
            return answer.apply(
                    response.mutate()
                            .body(pieces ->
                                    pieces.doOnNext(_ -> sign.run())
                                            .takeUntilOther(breaks(() -> true))
                                            .doOnComplete(() -> progress.over = true))
                            .build());
        };
    }

    /** Fails when the exchanges under way are broken off, if {@code applies} is true then. */
    private Mono<Void> breaks(BooleanSupplier applies) {
        return broken.asFlux()
                .next()
                .filter(_ -> applies.getAsBoolean())
                .<Void>flatMap(Mono::error)
                .switchIfEmpty(Mono.never());
    }

    /** Ends all answers that the server owes. */
    private void breakOff(String why) {
        broken.emitNext(
                new ApiException(
                        ErrorCode.WORKER_FAILED, "The server beside the worker fails: " + why),
                Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
    }

    /** Whether an exchange has failed because the server was silent for too long. */
    static boolean isSilence(Throwable e) {
        return e instanceof ReadTimeoutException || e.getCause() instanceof ReadTimeoutException;
    }

    @Override
    public void close() {
        provider.dispose();
    }
}
