package dev.weft.gateway;

import dev.weft.protocol.worker.AheadOrder;
import dev.weft.protocol.worker.WorkerState;
import dev.weft.protocol.worker.WorkerStateCodec;
import io.netty.buffer.Unpooled;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableChannel;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** A worker over real HTTP whose answers a test sets. */
public final class FakeWorker implements AutoCloseable {
    /** A request as it arrived. */
    public record Received(String path, HttpHeaders headers, String body) {}

    /** A worker's answer to a completion. */
    public interface Answer
            extends BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> {}

    private final ChannelGroup connections =
            new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

    /** Those over which completions came, while they are open. */
    private final ChannelGroup used = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

    private final DisposableServer server;
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final List<String> ordered = new CopyOnWriteArrayList<>();
    private final Sinks.Many<WorkerState> states = Sinks.many().replay().latest();
    private volatile String health = "UP";
    private volatile Answer answer = json(200, "{}");

    public FakeWorker(String base, int port) {
        String models =
                """
                {"object":"list","data":[{"id":"%s","object":"model","root":"HF:weft/tiny","parent":null},
                {"id":"sql","object":"model","root":"x","parent":"%s"}]}\
                """
                        .formatted(base, base);
        server =
                HttpServer.create()
                        .host("127.0.0.1")
                        .port(port)
                        .channelGroup(connections)
                        .route(routes ->
                                routes.get("/actuator/health/readiness", this::readiness)
                                        .get("/v1/models", json(200, models))
                                        .get(WorkerStateCodec.PATH, this::states)
                                        .post(AheadOrder.PATTERN, this::order)
                                        .post("/v1/chat/completions", this::take)
                                        .post("/v1/completions", this::take)
                                        .post("/v1/messages", this::take)
                                        .post("/v1/messages/count_tokens", this::take)
                                        .post("/v1/responses", this::take)
                                        .post("/v1/embeddings", this::take))
                        .bindNow();
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    public void ready(boolean is) {
        health = is ? "UP" : "OUT_OF_SERVICE";
    }

    /** Answers probes, and says that it makes no progress. */
    public void stalled() {
        health = "DOWN";
    }

    /**
     * Tells this state now and every second, as workers do. A worker that was never told has none.
     */
    public void tells(WorkerState state) {
        states.emitNext(state, Sinks.EmitFailureHandler.FAIL_FAST);
    }

    private Publisher<Void> states(HttpServerRequest request, HttpServerResponse response) {
        return stream(
                        states.asFlux()
                                .switchMap(state ->
                                        Flux.interval(Duration.ZERO, Duration.ofSeconds(1))
                                                .onBackpressureDrop()
                                                .map(_ -> state))
                                .map(state ->
                                        "event: state\ndata: "
                                                + new String(
                                                        WorkerStateCodec.encode(state),
                                                        StandardCharsets.UTF_8)
                                                + "\n\n"))
                .apply(request, response);
    }

    private Publisher<Void> order(HttpServerRequest request, HttpServerResponse response) {
        ordered.add(String.valueOf(request.param("digest")));
        return response.status(202).send();
    }

    /** Adapters that it was to load ahead. */
    public List<String> ordered() {
        return List.copyOf(ordered);
    }

    /** Takes connections and requests, and answers none, like a stopped process. */
    public void hangs() {
        health = "";
        answer = (_, _) -> Mono.never();
    }

    private Publisher<Void> readiness(HttpServerRequest request, HttpServerResponse response) {
        String now = health;
        return now.isEmpty()
                ? Mono.never()
                : json(now.equals("UP") ? 200 : 503, "{\"status\":\"" + now + "\"}")
                        .apply(request, response);
    }

    public void answers(Answer with) {
        answer = with;
    }

    /** The next request it got. */
    public Received next() throws InterruptedException {
        Received next = received.poll(Gateways.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no request within " + Gateways.PATIENCE);
        }
        return next;
    }

    /** The number of requests since the last call. */
    public int requests() {
        return received.drainTo(new ArrayList<>());
    }

    public boolean gotNothing() {
        return received.isEmpty();
    }

    public static Answer json(int status, String body) {
        return (_, response) ->
                response.status(status)
                        .header("Content-Type", "application/json")
                        .sendString(Mono.just(body));
    }

    /** An error that says that it would be the same at any worker. */
    public static Answer lastingly(int status, String body) {
        return (request, response) ->
                json(status, body).apply(request, response.header("x-should-retry", "false"));
    }

    /** An event stream; each item is sent separately. */
    public static Answer stream(Flux<String> pieces) {
        return (_, response) ->
                response.sse()
                        .send(
                                pieces.map(piece ->
                                        Unpooled.copiedBuffer(piece, StandardCharsets.UTF_8)),
                                _ -> true);
    }

    /** Sends the head of a chunked answer and the pieces, then cuts the connection. */
    public static Answer cut(String type, Flux<String> pieces) {
        return (_, response) ->
                response.header("Content-Type", type)
                        .chunkedTransfer(true)
                        .send(
                                pieces.map(piece ->
                                        Unpooled.copiedBuffer(piece, StandardCharsets.UTF_8)),
                                _ -> true)
                        .then(
                                Mono.fromRunnable(
                                        () -> response.withConnection(DisposableChannel::dispose)));
    }

    /** Closes the connection without a word. */
    public static Answer hangUp() {
        return (_, response) ->
                Mono.<Void>fromRunnable(() -> response.withConnection(DisposableChannel::dispose))
                        .then(Mono.never());
    }

    /** How many connections are open over which completions came. */
    public int connections() {
        return used.size();
    }

    private Publisher<Void> take(HttpServerRequest request, HttpServerResponse response) {
        response.withConnection(connection -> used.add(connection.channel()));
        return request.receive()
                .aggregate()
                .asString(StandardCharsets.UTF_8)
                .defaultIfEmpty("")
                .flatMap(body -> {
                    // the answer is fixed before anybody hears of the request
                    Answer now = answer;
                    received.add(
                            new Received(request.uri(), request.requestHeaders().copy(), body));
                    return Mono.from(now.apply(request, response));
                });
    }

    @Override
    public void close() {
        states.tryEmitComplete();
        server.disposeNow();
        connections.close().syncUninterruptibly();
    }
}
