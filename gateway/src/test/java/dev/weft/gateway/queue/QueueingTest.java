package dev.weft.gateway.queue;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.await;
import static dev.weft.gateway.Gateways.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import dev.weft.protocol.worker.WorkerLoad;
import dev.weft.protocol.worker.WorkerState;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Requests wait at the gateway while the only worker, which has one row, is full. */
class QueueingTest {
    private static final String CHAT = "/v1/chat/completions";

    private FakeCatalog catalog;
    private FakeWorker worker;
    private final BlockingQueue<Sinks.Empty<Void>> held = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() throws Exception {
        catalog = new FakeCatalog(FakeCatalog.adapter("sql", 1));
        for (String tenant : List.of("a", "b", "flood")) {
            catalog.tokens.put("key-" + tenant, Optional.of(tenant));
        }
        worker = new FakeWorker(BASE, 0);
        worker.answers(this::hold);
        worker.tells(rows(1));
    }

    private Mono<Void> hold(HttpServerRequest request, HttpServerResponse response) {
        Sinks.Empty<Void> sink = Sinks.empty();
        held.add(sink);
        return sink.asMono().then(Mono.from(FakeWorker.json(200, "{}").apply(request, response)));
    }

    @AfterEach
    void stop() {
        worker.close();
        catalog.close();
    }

    private static WorkerState rows(int rows, String... paths) {
        WorkerLoad load = new WorkerLoad(rows, 0, Map.of(), 0, 0, 0);
        return new WorkerState(false, 4, Map.of(), Set.of(paths), load);
    }

    private GatewayService gateway(String... settings) throws Exception {
        GatewayService gateway =
                GatewayService.start(
                        Gateways.options(
                                catalog.address(),
                                worker.address(),
                                Stream.concat(
                                                Stream.of(
                                                        "weft.access.keys=true",
                                                        "weft.gateway.queue.worker-backlog=0"),
                                                Stream.of(settings))
                                        .toArray(String[]::new)));
        Gateways.awaitReady(gateway);
        await(() -> meters(gateway).get("weft.gateway.worker.state.age").gauge().value() >= 0);
        return gateway;
    }

    private static MeterRegistry meters(GatewayService gateway) {
        return Gateways.context(gateway).getBean(MeterRegistry.class);
    }

    private static double shed(GatewayService gateway, String reason) {
        return meters(gateway)
                .get("weft.gateway.shed")
                .tags("base", BASE, "reason", reason)
                .counter()
                .count();
    }

    private static HttpRequest.Builder request(GatewayService gateway, String tenant) {
        return HttpRequest.newBuilder(gateway.address().resolve(CHAT))
                .header("Authorization", "Bearer key-" + tenant)
                .timeout(Gateways.PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"" + BASE + "\"}"));
    }

    private static CompletableFuture<HttpResponse<String>> ask(
            GatewayService gateway, String tenant) {
        return send(request(gateway, tenant));
    }

    /** Asks with a priority, under which the worker shows the request. */
    private static CompletableFuture<HttpResponse<String>> ask(
            GatewayService gateway, String tenant, String priority) {
        return send(
                request(gateway, tenant)
                        .header("weft-priority", priority)
                        .header("x-request-id", tenant + "-" + priority));
    }

    private static CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
        return Gateways.CLIENT.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private void highestPriority(String tenant, String priority) {
        catalog.accounts.put("key-" + tenant, ",\"limits\":{\"priority\":\"" + priority + "\"}");
    }

    private static void awaitWaiting(GatewayService gateway, int count) throws Exception {
        await(() -> Gateways.waiting(gateway) == count);
    }

    /** Has the worker answer what it has; returns the tenant of what it is given next. */
    private String nextTenant() throws Exception {
        letGo();
        return worker.next().headers().get("weft-tenant");
    }

    private void letGo() throws Exception {
        Sinks.Empty<Void> sink = held.poll(60, TimeUnit.SECONDS);
        assertThat(sink).isNotNull();
        sink.tryEmitEmpty().orThrow();
    }

    @Test
    void oneTenantsFloodDoesNotHoldUpAnother() throws Exception {
        try (GatewayService gateway = gateway()) {
            List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
            all.add(ask(gateway, "flood"));
            worker.next();
            for (int i = 1; i <= 5; i++) {
                all.add(ask(gateway, "flood"));
                awaitWaiting(gateway, i);
            }
            for (String tenant : List.of("a", "a", "b")) {
                all.add(ask(gateway, tenant));
                awaitWaiting(gateway, all.size() - 1);
            }
            List<String> order = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                order.add(nextTenant());
            }
            letGo();
            assertThat(order)
                    .containsExactly("flood", "a", "b", "flood", "a", "flood", "flood", "flood");
            for (CompletableFuture<HttpResponse<String>> each : all) {
                assertThat(each.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            }
            assertThat(
                            meters(gateway)
                                    .get("weft.gateway.queue")
                                    .tag("reason", "room")
                                    .timer()
                                    .count())
                    .isEqualTo(8);
            assertThat(Gateways.waiting(gateway)).isZero();
        }
    }

    @Test
    void beyondTheBoundTheOneWithMoreThanItsShareHasToGo() throws Exception {
        try (GatewayService gateway = gateway("weft.gateway.queue.max-requests=2")) {
            CompletableFuture<HttpResponse<String>> first = ask(gateway, "flood");
            worker.next();
            CompletableFuture<HttpResponse<String>> second = ask(gateway, "flood");
            awaitWaiting(gateway, 1);
            CompletableFuture<HttpResponse<String>> third = ask(gateway, "flood");
            awaitWaiting(gateway, 2);

            HttpResponse<String> alone = ask(gateway, "flood").get(60, TimeUnit.SECONDS);
            assertThat(alone.statusCode()).isEqualTo(503);
            assertThat(error(alone).get("code").asString()).isEqualTo("overloaded");
            assertThat(alone.headers().firstValueAsLong("Retry-After")).hasValue(1);
            assertThat(alone.headers().firstValue("x-should-retry")).isEmpty();

            CompletableFuture<HttpResponse<String>> other = ask(gateway, "a");
            HttpResponse<String> shed = third.get(60, TimeUnit.SECONDS);
            assertThat(shed.statusCode()).isEqualTo(429);
            assertThat(error(shed).get("code").asString()).isEqualTo("rate_limit_exceeded");
            assertThat(shed.headers().firstValueAsLong("Retry-After")).hasValue(1);

            assertThat(nextTenant()).isEqualTo("flood");
            assertThat(nextTenant()).isEqualTo("a");
            letGo();
            for (var each : List.of(first, second, other)) {
                assertThat(each.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            }
            assertThat(shed(gateway, "full")).isEqualTo(1);
            assertThat(shed(gateway, "share")).isEqualTo(1);
        }
    }

    @Test
    void aClientThatLeavesFreesItsPlaceAtOnce() throws Exception {
        try (GatewayService gateway = gateway();
                HttpClient leaving = HttpClient.newHttpClient()) {
            CompletableFuture<HttpResponse<String>> first = ask(gateway, "a");
            worker.next();
            var left =
                    leaving.sendAsync(
                            request(gateway, "b").build(), HttpResponse.BodyHandlers.ofString());
            awaitWaiting(gateway, 1);
            left.cancel(true);
            leaving.shutdownNow();
            awaitWaiting(gateway, 0);
            letGo();
            assertThat(first.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            assertThat(worker.gotNothing()).isTrue();
            await(() ->
                    meters(gateway)
                                    .get("gen_ai.server.request.duration")
                                    .tag("error.type", "cancelled")
                                    .timer()
                                    .count()
                            == 1);
        }
    }

    @Test
    void nobodyWaitsLongerThanTheSettingSays() throws Exception {
        try (GatewayService gateway = gateway("weft.gateway.queue.max-wait=200ms")) {
            CompletableFuture<HttpResponse<String>> first = ask(gateway, "a");
            worker.next();
            HttpResponse<String> late = ask(gateway, "b").get(60, TimeUnit.SECONDS);
            assertThat(late.statusCode()).isEqualTo(503);
            assertThat(error(late).get("code").asString()).isEqualTo("overloaded");
            letGo();
            assertThat(first.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aGatewayThatEndsTellsThoseThatWait() throws Exception {
        CompletableFuture<HttpResponse<String>> waits;
        try (GatewayService gateway = gateway()) {
            var _ = ask(gateway, "a");
            worker.next();
            waits = ask(gateway, "b");
            awaitWaiting(gateway, 1);
        }
        HttpResponse<String> ended = waits.get(60, TimeUnit.SECONDS);
        assertThat(ended.statusCode()).isEqualTo(503);
        assertThat(error(ended).get("message").asString())
                .isEqualTo("The gateway is shutting down.");
        assertThat(ended.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void whoMayHaveAHigherPriorityGoesFirst() throws Exception {
        highestPriority("a", "high");
        highestPriority("b", "low");
        try (GatewayService gateway = gateway()) {
            List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
            all.add(ask(gateway, "flood"));
            worker.next();
            for (String each : List.of("b high", "a low", "flood high", "a high", "a normal")) {
                int space = each.indexOf(' ');
                all.add(ask(gateway, each.substring(0, space), each.substring(space + 1)));
                awaitWaiting(gateway, all.size() - 1);
            }
            List<String> order = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                letGo();
                var headers = worker.next().headers();
                assertThat(headers.get("weft-priority")).isNull();
                order.add(headers.get("x-request-id"));
            }
            letGo();
            assertThat(order)
                    .containsExactly("a-high", "flood-high", "a-normal", "b-high", "a-low");
            for (CompletableFuture<HttpResponse<String>> each : all) {
                assertThat(each.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void aFullQueueLosesALowerPriorityForAHigherOne() throws Exception {
        highestPriority("a", "high");
        try (GatewayService gateway = gateway("weft.gateway.queue.max-requests=1")) {
            CompletableFuture<HttpResponse<String>> first = ask(gateway, "b");
            worker.next();
            CompletableFuture<HttpResponse<String>> low = ask(gateway, "b");
            awaitWaiting(gateway, 1);
            CompletableFuture<HttpResponse<String>> high = ask(gateway, "a");
            HttpResponse<String> shed = low.get(60, TimeUnit.SECONDS);
            assertThat(shed.statusCode()).isEqualTo(503);
            assertThat(error(shed).get("code").asString()).isEqualTo("overloaded");
            assertThat(shed(gateway, "priority")).isEqualTo(1);
            assertThat(ask(gateway, "b").get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
            letGo();
            assertThat(worker.next().headers().get("weft-tenant")).isEqualTo("a");
            letGo();
            assertThat(first.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            assertThat(high.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void roomOfAWorkerThatDoesNotServeThePathIsNone() throws Exception {
        String vectors = "/v1/embeddings";
        worker.tells(rows(1, CHAT));
        try (FakeWorker other = new FakeWorker(BASE, 0)) {
            other.answers(this::hold);
            other.tells(rows(1, vectors));
            try (GatewayService gateway =
                    Gateways.start(
                            catalog.address(),
                            List.of(worker.address(), other.address()),
                            "weft.gateway.queue.worker-backlog=0")) {
                await(() -> Gateways.workersReady(gateway) == 2);
                Gateways.awaitStates(gateway);
                CompletableFuture<HttpResponse<String>> first = post(gateway, vectors);
                other.next();
                CompletableFuture<HttpResponse<String>> second = post(gateway, vectors);
                awaitWaiting(gateway, 1);

                CompletableFuture<HttpResponse<String>> chat = post(gateway, CHAT);
                worker.next();
                assertThat(other.gotNothing()).isTrue();
                letGo();
                other.next();
                letGo();
                letGo();
                for (var each : List.of(first, second, chat)) {
                    assertThat(each.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
                }
            }
        }
    }

    private static CompletableFuture<HttpResponse<String>> post(
            GatewayService gateway, String path) {
        return Gateways.CLIENT.sendAsync(
                Gateways.post(gateway, path, "{\"model\":\"" + BASE + "\"}"),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aPriorityThatThereIsNotIsRefused() throws Exception {
        try (GatewayService gateway = gateway()) {
            HttpResponse<String> answer = ask(gateway, "a", "urgent").get(60, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(error(answer).get("message").asString())
                    .isEqualTo(
                            "The header weft-priority is 'urgent'; allowed are high, normal, low.");
        }
    }

    @Test
    void roomThatAWorkerTellsOfIsUsed() throws Exception {
        try (GatewayService gateway = gateway()) {
            CompletableFuture<HttpResponse<String>> first = ask(gateway, "a");
            worker.next();
            CompletableFuture<HttpResponse<String>> second = ask(gateway, "a");
            awaitWaiting(gateway, 1);
            worker.tells(rows(2));
            worker.next();
            letGo();
            letGo();
            assertThat(first.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            assertThat(second.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
    }
}
