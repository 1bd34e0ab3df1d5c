package dev.weft.inference.server.http.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.relay.host.ServerSigns;
import dev.weft.inference.server.http.bridge.Blocking;
import dev.weft.inference.server.trace.CompletionTrace;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import io.netty.channel.EventLoop;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

@Timeout(120)
class ServerConnectionTest {
    private static final int LOOPS = 3;
    private static final int CLIENTS = 6;

    /** For each piece of an answer, whether it came on the loop of the client's connection. */
    private final Queue<Boolean> pieces = new ConcurrentLinkedQueue<>();

    private final Set<EventLoop> loops = ConcurrentHashMap.newKeySet();

    /** Otherwise each event would be handed from one thread to another. */
    @Test
    void answersComeOnTheLoopOfTheClientsConnection() throws Exception {
        LoopResources own = LoopResources.create("own", LOOPS, true);
        DisposableServer server =
                HttpServer.create()
                        .host("127.0.0.1")
                        .handle((_, response) -> response.sendString(Flux.just("a", "b")))
                        .bindNow();
        try (ServerConnection connection =
                new ServerConnection(
                        URI.create("http://127.0.0.1:" + server.port()),
                        null,
                        Duration.ofMinutes(1),
                        new ServerSigns())) {
            DisposableServer front =
                    HttpServer.create()
                            .host("127.0.0.1")
                            .runOn(own)
                            .handle(
                                    new ReactorHttpHandlerAdapter((request, response) ->
                                            relay(connection, request, response)))
                            .bindNow();
            ask(URI.create("http://127.0.0.1:" + front.port()), CLIENTS);
            front.disposeNow();
        } finally {
            server.disposeNow();
            own.dispose();
        }
        assertThat(loops).hasSizeGreaterThan(1);
        assertThat(pieces).hasSizeGreaterThanOrEqualTo(2 * CLIENTS).doesNotContain(false);
    }

    /** One has sent nothing, the other a piece. */
    @ParameterizedTest
    @ValueSource(strings = {"", "a"})
    void whatAServerOwesEndsWithAnErrorWhenItHangs(String sent) throws Exception {
        DisposableServer server =
                HttpServer.create()
                        .host("127.0.0.1")
                        .handle((_, response) ->
                                sent.isEmpty()
                                        ? Mono.never()
                                        : response.sendString(
                                                Flux.just(sent).concatWith(Flux.never()),
                                                StandardCharsets.UTF_8))
                        .bindNow();
        ServerSigns signs = new ServerSigns();
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        try (ServerConnection connection =
                new ServerConnection(
                        URI.create("http://127.0.0.1:" + server.port()),
                        null,
                        Duration.ofMinutes(1),
                        signs)) {
            DisposableServer front =
                    HttpServer.create()
                            .host("127.0.0.1")
                            .handle(
                                    new ReactorHttpHandlerAdapter((request, response) ->
                                            owed(connection, "/", request, begun)
                                                    .doOnError(failure::complete)
                                                    .onErrorComplete()
                                                    .then(Mono.defer(response::setComplete))))
                            .bindNow();
            FutureTask<Boolean> asking =
                    new FutureTask<>(() -> {
                        ask(URI.create("http://127.0.0.1:" + front.port()), 1);
                        return true;
                    });
            Thread.ofVirtual().start(asking);
            if (!sent.isEmpty()) {
                begun.await();
            }
            // a request that is not on its way yet does not hear it
            while (!failure.isDone()) {
                signs.hung("it hangs");
                Thread.sleep(20);
            }
            assertThat(failure.get(60, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            ApiException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.WORKER_FAILED))
                    .hasMessageContaining("it hangs");
            assertThat(asking.get()).isTrue();
            front.disposeNow();
        } finally {
            server.disposeNow();
        }
    }

    /** Else a client that asks for no more than these would hide that the engine hangs. */
    @ParameterizedTest
    @CsvSource({
        "/tokenize, 200, application/json, true",
        "/v1/completions, 400, application/json, true",
        "/v1/chat/completions, 200, text/event-stream, true",
        "/v1/completions, 200, application/json, false"
    })
    void whatTheFrontEndAnswersAloneIsNoSignOfTheEngine(
            String path, int status, String type, boolean silent) throws Exception {
        DisposableServer server =
                HttpServer.create()
                        .host("127.0.0.1")
                        .handle((_, response) ->
                                response.status(status)
                                        .header("Content-Type", type)
                                        .sendString(Mono.just(": waiting\n\n")))
                        .bindNow();
        ServerSigns signs = new ServerSigns();
        signs.owed(); // by a request that the engine does not answer
        long owed = System.nanoTime();
        try (ServerConnection connection =
                new ServerConnection(
                        URI.create("http://127.0.0.1:" + server.port()),
                        null,
                        Duration.ofMinutes(1),
                        signs)) {
            DisposableServer front =
                    HttpServer.create()
                            .host("127.0.0.1")
                            .handle(
                                    new ReactorHttpHandlerAdapter((request, response) ->
                                            owed(connection, path, request, new CountDownLatch(1))
                                                    .then(Mono.defer(response::setComplete))))
                            .bindNow();
            ask(URI.create("http://127.0.0.1:" + front.port()), 2);
            front.disposeNow();
        } finally {
            server.disposeNow();
        }
        Duration since = Duration.ofNanos(System.nanoTime() - owed);
        assertThat(signs.quiet().compareTo(since) >= 0).isEqualTo(silent);
    }

    private static Mono<Void> owed(
            ServerConnection connection,
            String path,
            ServerHttpRequest request,
            CountDownLatch begun) {
        return connection.post(
                path,
                "1".getBytes(StandardCharsets.UTF_8),
                request,
                CompletionTrace.NONE,
                answer ->
                        answer.bodyToFlux(DataBuffer.class)
                                .doOnNext(piece -> {
                                    DataBufferUtils.release(piece);
                                    begun.countDown();
                                })
                                .then());
    }

    /** Subscribes on the loop, and on another thread, as after the wait for an adapter. */
    private Mono<Void> relay(
            ServerConnection connection, ServerHttpRequest request, ServerHttpResponse response) {
        EventLoop loop = loop(request);
        loops.add(loop);
        Mono<Integer> posted =
                connection.post(
                        "/",
                        "1".getBytes(StandardCharsets.UTF_8),
                        request,
                        CompletionTrace.NONE,
                        answer ->
                                answer.bodyToFlux(DataBuffer.class)
                                        .map(piece -> {
                                            pieces.add(loop.inEventLoop());
                                            DataBufferUtils.release(piece);
                                            return 1;
                                        })
                                        .reduce(0, Integer::sum));
        return posted.then(Blocking.run(() -> true).then(posted))
                .then(Mono.defer(response::setComplete));
    }

    private static EventLoop loop(ServerHttpRequest request) {
        if (ServerHttpRequestDecorator.getNativeRequest(request) instanceof Connection client) {
            return client.channel().eventLoop();
        }
        throw new AssertionError(request.getURI());
    }

    /** Each client has a connection of its own, and the server's are used again. */
    private static void ask(URI front, int clients) throws Exception {
        for (int i = 0; i < clients; i++) {
            try (HttpClient client = HttpClient.newHttpClient()) {
                HttpResponse<String> answer =
                        client.send(
                                HttpRequest.newBuilder(front)
                                        .timeout(Duration.ofMinutes(1))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(200);
            }
        }
    }
}
