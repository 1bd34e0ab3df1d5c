package dev.weft.gateway.worker;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.CLIENT;
import static dev.weft.gateway.Gateways.await;
import static dev.weft.gateway.Gateways.chat;
import static dev.weft.gateway.Gateways.error;
import static dev.weft.gateway.Gateways.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayScrape;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Workers that hold a connection and say nothing on it; requests may take a minute. */
class HungWorkerTest {
    private static final Duration SILENCE = Duration.ofMinutes(1);
    private static final String STREAM = "{\"stream\":true,\"model\":\"" + BASE + "\"}";

    private FakeCatalog catalog;
    private FakeWorker one;
    private FakeWorker two;

    @BeforeEach
    void start() throws Exception {
        catalog = new FakeCatalog(FakeCatalog.adapter("sql", 1));
        one = new FakeWorker(BASE, 0);
        two = new FakeWorker(BASE, 0);
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
        catalog.close();
    }

    private GatewayService gateway(FakeWorker... workers) throws Exception {
        GatewayService gateway =
                workers.length == 1
                        ? Gateways.start(catalog.address(), SILENCE, one.address())
                        : Gateways.start(catalog.address(), SILENCE, one.address(), two.address());
        await(() -> Gateways.workersReady(gateway) == workers.length);
        return gateway;
    }

    private static CompletableFuture<HttpResponse<String>> ask(GatewayService gateway) {
        return CLIENT.sendAsync(
                post(gateway, "/v1/chat/completions", STREAM),
                HttpResponse.BodyHandlers.ofString());
    }

    private static FakeWorker.Answer silentAfter(String events, CountDownLatch cancelled) {
        return FakeWorker.stream(
                Flux.concat(Flux.just(events), Flux.<String>never())
                        .doOnCancel(cancelled::countDown));
    }

    @Test
    void aStreamOfAWorkerThatHangsEndsWithAnErrorEvent() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        one.answers(silentAfter("data: one\n\n", cancelled));
        try (GatewayService gateway = gateway(one)) {
            CompletableFuture<HttpResponse<String>> answer = ask(gateway);
            one.next();
            one.hangs();
            assertThat(answer.get(60, TimeUnit.SECONDS).body())
                    .startsWith("data: one\n\nevent: error\ndata: {\"error\":{")
                    .contains("\"code\":\"worker_failed\"")
                    .doesNotContain("[DONE]", "stop");
            assertThat(cancelled.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(chat(gateway, STREAM).statusCode()).isEqualTo(503);
        }
    }

    @Test
    void whatHasNotBegunMovesToAnotherWorker() throws Exception {
        one.answers((_, _) -> Mono.never());
        two.answers((_, _) -> Mono.never());
        try (GatewayService gateway = gateway(one, two)) {
            CompletableFuture<HttpResponse<String>> answer = ask(gateway);
            await(() -> !one.gotNothing() || !two.gotNothing());
            FakeWorker hung = one.gotNothing() ? two : one;
            FakeWorker other = hung == one ? two : one;
            other.answers(FakeWorker.json(200, "{\"by\":\"other\"}"));
            hung.hangs();
            assertThat(answer.get(60, TimeUnit.SECONDS).body()).isEqualTo("{\"by\":\"other\"}");
            assertThat(
                            GatewayScrape.of(gateway)
                                    .sum("weft_gateway_retries_total", "reason", "hung"))
                    .isEqualTo(1);
        }
    }

    @Test
    void whatHasOnlyAHeadMovesAsWell() throws Exception {
        one.answers(FakeWorker.stream(Flux.never()));
        two.answers(FakeWorker.stream(Flux.never()));
        try (GatewayService gateway = gateway(one, two)) {
            CompletableFuture<HttpResponse<String>> answer = ask(gateway);
            await(() -> !one.gotNothing() || !two.gotNothing());
            FakeWorker hung = one.gotNothing() ? two : one;
            FakeWorker other = hung == one ? two : one;
            other.answers(FakeWorker.json(200, "{\"by\":\"other\"}"));
            hung.hangs();
            assertThat(answer.get(60, TimeUnit.SECONDS).body()).isEqualTo("{\"by\":\"other\"}");
            await(() -> ended(gateway, "ok") == 1); // the client may hear of it first
            assertThat(ended(gateway, "cancelled")).isZero();
        }
    }

    private static double ended(GatewayService gateway, String outcome) throws Exception {
        return GatewayScrape.of(gateway)
                .sum("gen_ai_server_request_duration_seconds_count", "weft_outcome", outcome);
    }

    @Test
    void withoutAnotherWorkerTheClientIsToldThatItFailed() throws Exception {
        one.answers((_, _) -> Mono.never());
        try (GatewayService gateway = gateway(one)) {
            CompletableFuture<HttpResponse<String>> answer = ask(gateway);
            one.next();
            one.hangs();
            HttpResponse<String> told = answer.get(60, TimeUnit.SECONDS);
            assertThat(told.statusCode()).isEqualTo(502);
            assertThat(error(told).get("code").asString()).isEqualTo("worker_failed");
        }
    }

    @Test
    void aWorkerThatSaysThatItIsDownIsGivenUp() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        one.answers(silentAfter("data: one\n\n", cancelled));
        try (GatewayService gateway = gateway(one)) {
            InputStream answer =
                    CLIENT.send(
                                    post(gateway, "/v1/chat/completions", STREAM),
                                    HttpResponse.BodyHandlers.ofInputStream())
                            .body();
            assertThat(answer.readNBytes(11)).asString().isEqualTo("data: one\n\n");
            one.stalled();
            assertThat(answer.readAllBytes())
                    .asString()
                    .contains("event: error", "\"code\":\"worker_failed\"");
        }
    }

    @Test
    void aWorkerThatIsSlowOrDrainsKeepsItsStreams() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        one.answers(
                FakeWorker.stream(
                        Flux.concat(
                                        Flux.just("data: one\n\n"),
                                        Mono.fromCallable(
                                                        () -> {
                                                            goOn.await();
                                                            return "data: [DONE]\n\n";
                                                        })
                                                .subscribeOn(
                                                        reactor.core.scheduler.Schedulers
                                                                .boundedElastic()))
                                .doOnCancel(cancelled::countDown)));
        try (GatewayService gateway = gateway(one)) {
            CompletableFuture<HttpResponse<String>> answer = ask(gateway);
            one.next();
            one.ready(false);
            await(() ->
                    GatewayScrape.of(gateway).sum("weft_gateway_workers", "state", "draining")
                            == 1);
            one.ready(true);
            await(() ->
                    GatewayScrape.of(gateway).sum("weft_gateway_workers", "state", "ready") == 1);
            goOn.countDown();
            assertThat(answer.get(60, TimeUnit.SECONDS).body())
                    .isEqualTo("data: one\n\ndata: [DONE]\n\n");
        }
    }
}
