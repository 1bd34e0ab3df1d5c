package dev.weft.gateway.forward.attempt;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.await;
import static dev.weft.gateway.Gateways.chat;
import static dev.weft.gateway.Gateways.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayScrape;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import dev.weft.gateway.routing.RoutingDecision;
import dev.weft.gateway.routing.RoutingDecision.Reason;
import dev.weft.gateway.worker.WorkerSnapshot;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Requests whose first worker does not begin its answer, and which a second one is given, too. */
class HedgingTest {
    private static final String OF_BASE = "{\"model\":\"" + BASE + "\"}";
    private static final String STREAM = "{\"model\":\"" + BASE + "\",\"stream\":true}";
    private static final int REQUESTS = 12;
    private static final String EVENT = "data: {\"choices\":[]}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    /** Takes longer than the gateway waits before it asks a second worker. */
    private static final Duration LATE = Duration.ofSeconds(3);

    private FakeCatalog catalog;
    private FakeWorker one;
    private FakeWorker two;

    @BeforeEach
    void start() throws Exception {
        catalog = new FakeCatalog();
        one = new FakeWorker(BASE, 0);
        two = new FakeWorker(BASE, 0);
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
        catalog.close();
    }

    private GatewayService gateway(String... settings) throws Exception {
        GatewayService gateway =
                Gateways.start(
                        catalog.address(),
                        List.of(one.address(), two.address()),
                        settings.length == 0
                                ? new String[] {"weft.gateway.routing.hedge-after=1s"}
                                : settings);
        await(() -> Gateways.workersReady(gateway) == 2);
        return gateway;
    }

    private static FakeWorker.Answer late(FakeWorker.Answer answer) {
        return after(LATE, answer);
    }

    private static FakeWorker.Answer after(Duration time, FakeWorker.Answer answer) {
        return (request, response) ->
                Mono.delay(time).then(Mono.defer(() -> Mono.from(answer.apply(request, response))));
    }

    /** All at once; each worker is the first of about half. */
    private static List<HttpResponse<String>> askAll(GatewayService gateway) throws Exception {
        List<CompletableFuture<HttpResponse<String>>> asked =
                Stream.generate(() ->
                                Gateways.CLIENT.sendAsync(
                                        Gateways.post(gateway, "/v1/chat/completions", STREAM),
                                        HttpResponse.BodyHandlers.ofString()))
                        .limit(REQUESTS)
                        .toList();
        List<HttpResponse<String>> answers = new ArrayList<>();
        for (CompletableFuture<HttpResponse<String>> answer : asked) {
            answers.add(answer.get(60, TimeUnit.SECONDS));
        }
        return answers;
    }

    private static double sum(GatewayService gateway, String name, String... tag) throws Exception {
        return GatewayScrape.of(gateway).sum(name, tag);
    }

    /** Nothing of the other attempts is left. */
    private static void assertAllOver(GatewayService gateway, FakeWorker loser) throws Exception {
        await(() -> sum(gateway, "weft_gateway_requests_in_flight") == 0);
        await(() -> loser.connections() == 0);
        assertThat(
                        sum(
                                gateway,
                                "gen_ai_server_request_duration_seconds_count",
                                "weft_outcome",
                                "ok"))
                .isEqualTo(REQUESTS);
        assertThat(sum(gateway, "gen_ai_server_request_duration_seconds_count"))
                .isEqualTo(REQUESTS);
    }

    @Test
    void theAnswerIsOfTheWorkerThatBegins() throws Exception {
        // its head comes at once, and no byte
        one.answers(FakeWorker.stream(Flux.never()));
        two.answers(FakeWorker.json(200, "{\"by\":\"two\"}"));
        try (GatewayService gateway = gateway()) {
            for (HttpResponse<String> response : askAll(gateway)) {
                assertThat(response.body()).isEqualTo("{\"by\":\"two\"}");
                assertThat(response.headers().allValues("Content-Type"))
                        .containsExactly("application/json");
            }
            assertThat(sum(gateway, "weft_gateway_hedges_total", "outcome", "won")).isPositive();
            // on a busy machine the other worker may be late, too, and this one the second
            assertThat(sum(gateway, "weft_gateway_hedges_total")).isEqualTo(one.requests());
            assertAllOver(gateway, one);
        }
    }

    @Test
    void aFirstWorkerThatIsLateMayStillWin() throws Exception {
        one.answers(FakeWorker.stream(Flux.never()));
        two.answers(late(FakeWorker.stream(Flux.just(EVENT, DONE))));
        try (GatewayService gateway = gateway()) {
            for (HttpResponse<String> response : askAll(gateway)) {
                assertThat(response.body()).isEqualTo(EVENT + DONE);
            }
            assertThat(sum(gateway, "weft_gateway_hedges_total")).isEqualTo(REQUESTS);
            assertThat(sum(gateway, "weft_gateway_hedges_total", "outcome", "lost")).isPositive();
            assertAllOver(gateway, one);
        }
    }

    @Test
    void aWorkerThatFailsLeavesTheRequestToTheOther() throws Exception {
        one.answers(after(LATE.multipliedBy(2).dividedBy(3), FakeWorker.json(503, "{}")));
        two.answers(late(FakeWorker.json(200, "{\"by\":\"two\"}")));
        try (GatewayService gateway = gateway()) {
            for (HttpResponse<String> response : askAll(gateway)) {
                assertThat(response.body()).isEqualTo("{\"by\":\"two\"}");
            }
            assertThat(sum(gateway, "weft_gateway_retries_total")).isZero();
            assertAllOver(gateway, one);
        }
    }

    @Test
    void ifBothFailTheClientGetsAnError() throws Exception {
        FakeWorker.Answer hangsUp = late(FakeWorker.hangUp());
        one.answers(hangsUp);
        two.answers(hangsUp);
        try (GatewayService gateway = gateway()) {
            HttpResponse<String> response = chat(gateway, STREAM);
            assertThat(response.statusCode()).isEqualTo(502);
            assertThat(error(response).get("code").asString()).isEqualTo("worker_failed");
            await(() -> sum(gateway, "weft_gateway_requests_in_flight") == 0);
        }
    }

    @Test
    void aStreamThatHasBegunWithCommentsGoesOn() throws Exception {
        one.answers(FakeWorker.stream(Flux.never()));
        two.answers(FakeWorker.stream(Flux.just(EVENT, DONE)));
        try (GatewayService gateway =
                gateway(
                        "weft.gateway.routing.hedge-after=2s",
                        "weft.gateway.queue.keep-alive=100ms")) {
            int commented = 0;
            for (HttpResponse<String> response : askAll(gateway)) {
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(response.body()).endsWith(EVENT + DONE);
                commented += response.body().startsWith(": waiting") ? 1 : 0;
            }
            int hedged = one.requests();
            assertThat(hedged).isPositive();
            // on a busy machine the other worker's answers may come after the first comment
            assertThat(commented).isGreaterThanOrEqualTo(hedged);
            assertAllOver(gateway, one);
        }
    }

    @Test
    void withoutTheSettingARequestHasOneWorker() throws Exception {
        one.answers(late(FakeWorker.json(200, "{}")));
        two.answers(late(FakeWorker.json(200, "{}")));
        try (GatewayService gateway = gateway("weft.gateway.routing.explain=false")) {
            assertThat(chat(gateway, STREAM).statusCode()).isEqualTo(200);
            assertThat(one.requests() + two.requests()).isEqualTo(1);
        }
    }

    /** The first byte of such an answer comes when it is whole. */
    @Test
    void anAnswerInOnePieceIsNotHedged() throws Exception {
        one.answers(late(FakeWorker.json(200, "{}")));
        two.answers(late(FakeWorker.json(200, "{}")));
        try (GatewayService gateway = gateway()) {
            assertThat(chat(gateway, OF_BASE).statusCode()).isEqualTo(200);
            assertThat(one.requests() + two.requests()).isEqualTo(1);
        }
    }

    @Test
    void onlyColdPromptsOfSeveralCandidatesAreHedged() {
        assertThat(Hedging.isCold(decision(2, Map.of(Reason.LOAD, 1.0)))).isTrue();
        assertThat(Hedging.isCold(decision(2, Map.of(Reason.PREFIX, 0.0)))).isTrue();
        assertThat(Hedging.isCold(decision(2, Map.of(Reason.PREFIX, 0.1)))).isFalse();
        assertThat(Hedging.isCold(decision(1, Map.of()))).isFalse();
    }

    private static RoutingDecision decision(int candidates, Map<Reason, Double> scores) {
        WorkerSnapshot worker =
                new WorkerSnapshot(
                        URI.create("http://127.0.0.1:1"), true, Map.of(), 0, Set.of(), null, 1);
        return new RoutingDecision(worker, Reason.LOAD, candidates, scores);
    }
}
