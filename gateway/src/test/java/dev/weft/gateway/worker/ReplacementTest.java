package dev.weft.gateway.worker;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.await;
import static dev.weft.gateway.Gateways.chat;
import static dev.weft.gateway.Gateways.error;
import static dev.weft.gateway.Gateways.get;
import static dev.weft.gateway.Gateways.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayScrape;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

class ReplacementTest {
    private static final Duration SILENCE = Gateways.PATIENCE;
    private static final URI NOBODY = URI.create("http://127.0.0.1:1");
    private static final String OF_BASE = "{\"model\":\"" + BASE + "\"}";
    private static final String FAILED = "{\"error\":{\"code\":\"worker_failed\"}}";

    private FakeCatalog catalog;
    private FakeWorker one;
    private FakeWorker two;

    @BeforeEach
    void start() throws Exception {
        catalog = new FakeCatalog(FakeCatalog.adapter("sql", 1));
        one = new FakeWorker(BASE, 0);
        two = new FakeWorker(BASE, 0);
        two.answers(FakeWorker.json(200, "{\"by\":\"two\"}"));
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
        catalog.close();
    }

    private GatewayService gatewayOfBoth() throws Exception {
        return gatewayOf(one, two);
    }

    private GatewayService gatewayOf(FakeWorker... workers) throws Exception {
        URI[] addresses = Stream.of(workers).map(FakeWorker::address).toArray(URI[]::new);
        GatewayService gateway = Gateways.start(catalog.address(), SILENCE, addresses);
        await(() -> Gateways.workersReady(gateway) == workers.length);
        return gateway;
    }

    /**
     * Either of the two may be first; 30 requests that never try the failing one are a 1e-9 chance.
     */
    private void assertTwoAnswersInPlaceOfOne(GatewayService gateway) throws Exception {
        for (int i = 0; i < 30; i++) {
            HttpResponse<String> response = chat(gateway, OF_BASE);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("{\"by\":\"two\"}");
        }
    }

    @Test
    void aWorkerThatHangsUpIsReplaced() throws Exception {
        try (GatewayService gateway = gatewayOfBoth()) {
            one.answers(FakeWorker.hangUp());
            assertTwoAnswersInPlaceOfOne(gateway);
            assertThat(one.gotNothing()).isFalse();
            GatewayScrape scrape = GatewayScrape.of(gateway);
            assertThat(scrape.sum("weft_gateway_retries_total", "reason", "broken")).isPositive();
            assertThat(scrape.sum("weft_gateway_queue_seconds_count", "reason", "retry"))
                    .isEqualTo(scrape.sum("weft_gateway_retries_total"));
        }
    }

    @Test
    void aWorkerThatBreaksBetweenHeadAndFirstByteIsReplaced() throws Exception {
        try (GatewayService gateway = gatewayOfBoth()) {
            one.answers(FakeWorker.cut("text/event-stream", Flux.empty()));
            assertTwoAnswersInPlaceOfOne(gateway);
            one.answers(FakeWorker.cut("text/event-stream", Flux.just("data: half")));
            assertTwoAnswersInPlaceOfOne(gateway);
            assertThat(one.gotNothing()).isFalse();
        }
    }

    @Test
    void aWorkerWhereATenantHasItsShareIsReplaced() throws Exception {
        try (GatewayService gateway = gatewayOfBoth()) {
            one.answers(FakeWorker.json(429, "{\"error\":{\"code\":\"rate_limit_exceeded\"}}"));
            assertTwoAnswersInPlaceOfOne(gateway);
        }
    }

    @Test
    void aWorkerThatIsOverloadedIsReplaced() throws Exception {
        try (GatewayService gateway = gatewayOfBoth()) {
            one.answers(FakeWorker.json(503, "{\"error\":{\"code\":\"overloaded\"}}"));
            assertTwoAnswersInPlaceOfOne(gateway);
            assertThat(one.gotNothing()).isFalse();
        }
    }

    @Test
    void aWorkerWhoseEngineFailsIsReplaced() throws Exception {
        try (GatewayService gateway = gatewayOfBoth()) {
            one.answers(FakeWorker.json(502, FAILED));
            assertTwoAnswersInPlaceOfOne(gateway);
            assertThat(one.gotNothing()).isFalse();
            assertThat(
                            GatewayScrape.of(gateway)
                                    .sum("weft_gateway_retries_total", "reason", "failed"))
                    .isPositive();
        }
    }

    @Test
    void aWorkerThatIsGoneIsReplacedAndLeftOut() throws Exception {
        try (GatewayService gateway = gatewayOfBoth()) {
            one.close();
            assertTwoAnswersInPlaceOfOne(gateway);
            two.close();
            // A connection that was kept open may break first, which is a 502.
            await(() -> chat(gateway, OF_BASE).statusCode() == 503);
            assertThat(error(chat(gateway, OF_BASE)).get("code").asString()).isEqualTo("no_worker");
        }
    }

    /** Workers that all fail don't get a multiple of the load. */
    @Test
    void attemptsAreMadeAgainWithinABudget() throws Exception {
        assertABudget(FakeWorker.hangUp());
        assertABudget(FakeWorker.json(502, FAILED));
    }

    private void assertABudget(FakeWorker.Answer fails) throws Exception {
        try (FakeWorker three = new FakeWorker(BASE, 0);
                FakeWorker four = new FakeWorker(BASE, 0);
                GatewayService gateway = gatewayOf(one, two, three, four)) {
            List.of(one, two, three, four).forEach(each -> each.answers(fails));
            await(() -> {
                List<CompletableFuture<HttpResponse<String>>> burst =
                        Stream.generate(() ->
                                        Gateways.CLIENT.sendAsync(
                                                Gateways.post(
                                                        gateway, "/v1/chat/completions", OF_BASE),
                                                HttpResponse.BodyHandlers.ofString()))
                                .limit(40)
                                .toList();
                for (CompletableFuture<HttpResponse<String>> answer : burst) {
                    HttpResponse<String> failed = answer.get(60, TimeUnit.SECONDS);
                    assertThat(failed.statusCode()).isEqualTo(502);
                    assertThat(error(failed).get("code").asString()).isEqualTo("worker_failed");
                }
                return GatewayScrape.of(gateway).sum("weft_gateway_retries_refused_total") > 0;
            });
            GatewayScrape scrape = GatewayScrape.of(gateway);
            assertThat(scrape.sum("weft_gateway_retries_total")).isPositive();
        }
    }

    @Test
    void withoutABudgetTheWorkersOwnAnswerPassesUnchanged() throws Exception {
        one.answers(FakeWorker.json(502, FAILED));
        two.answers(FakeWorker.json(502, FAILED));
        try (GatewayService gateway = gatewayOfBoth()) {
            await(() -> {
                for (int i = 0; i < 40; i++) {
                    HttpResponse<String> failed = chat(gateway, OF_BASE);
                    assertThat(failed.statusCode()).isEqualTo(502);
                    assertThat(failed.body()).isEqualTo(FAILED);
                }
                return GatewayScrape.of(gateway).sum("weft_gateway_retries_refused_total") > 0;
            });
        }
    }

    @Test
    void theLastWorkersOwnAnswerPassesUnchanged() throws Exception {
        try (GatewayService gateway = gatewayOfBoth()) {
            String body = "{\"error\":{\"code\":\"overloaded\"}}";
            one.answers(FakeWorker.json(503, body));
            two.answers(FakeWorker.json(503, body));
            HttpResponse<String> response = chat(gateway, OF_BASE);
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).isEqualTo(body);
        }
    }

    @Test
    void theAnswerOfTheLastWorkerThatIsTriedPassesUnchanged() throws Exception {
        try (FakeWorker three = new FakeWorker(BASE, 0);
                FakeWorker four = new FakeWorker(BASE, 0);
                GatewayService gateway = gatewayOf(one, two, three, four)) {
            List<FakeWorker> workers = List.of(one, two, three, four);
            String body = "{\"error\":{\"code\":\"overloaded\"}}";
            workers.forEach(worker -> worker.answers(FakeWorker.json(503, body)));
            HttpResponse<String> response = chat(gateway, OF_BASE);
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).isEqualTo(body);
            assertThat(workers.stream().mapToInt(FakeWorker::requests).sum()).isEqualTo(3);
            assertThat(
                            GatewayScrape.of(gateway)
                                    .sum("weft_gateway_retries_total", "reason", "declined"))
                    .isEqualTo(2);
        }
    }

    @Test
    void aBadRequestIsNotTriedElsewhere() throws Exception {
        try (GatewayService gateway = gatewayOfBoth()) {
            one.answers(FakeWorker.json(400, "{}"));
            two.answers(FakeWorker.json(400, "{}"));
            assertThat(chat(gateway, OF_BASE).statusCode()).isEqualTo(400);
            assertThat(one.gotNothing() || two.gotNothing()).isTrue();
        }
    }

    @Test
    void whatAWorkerRefusesForWhatItHoldsIsNotTriedElsewhere() throws Exception {
        try (GatewayService gateway = gatewayOfBoth()) {
            String body = "{\"error\":{\"code\":\"request_failed\"}}";
            for (int status : new int[] {500, 502, 503}) {
                one.answers(FakeWorker.lastingly(status, body));
                two.answers(FakeWorker.lastingly(status, body));
                HttpResponse<String> response = chat(gateway, OF_BASE);
                assertThat(response.statusCode()).isEqualTo(status);
                assertThat(response.body()).isEqualTo(body);
                assertThat(response.headers().firstValue("x-should-retry")).contains("false");
                assertThat(one.requests() + two.requests()).as("tries").isEqualTo(1);
            }
            assertThat(GatewayScrape.of(gateway).sum("weft_gateway_retries_total")).isZero();
        }
    }

    @Test
    void whatTakesTwoWorkersDownIsNotGivenToAThird() throws Exception {
        assertThat(assertNoThird(FakeWorker.hangUp())).contains("The worker failed");
        assertThat(assertNoThird(FakeWorker.json(502, FAILED))).isEqualTo(FAILED);
    }

    private String assertNoThird(FakeWorker.Answer fails) throws Exception {
        try (FakeWorker three = new FakeWorker(BASE, 0);
                GatewayService gateway =
                        Gateways.start(
                                catalog.address(),
                                SILENCE,
                                one.address(),
                                two.address(),
                                three.address())) {
            await(() -> Gateways.workersReady(gateway) == 3);
            for (FakeWorker worker : List.of(one, two, three)) {
                worker.answers(fails);
            }
            HttpResponse<String> response = chat(gateway, OF_BASE);
            assertThat(response.statusCode()).isEqualTo(502);
            assertThat(error(response).get("code").asString()).isEqualTo("worker_failed");
            assertThat(one.requests() + two.requests() + three.requests()).isEqualTo(2);
            return response.body();
        }
    }

    @Test
    void whenBothHangUpTheClientIsToldThatTheWorkerFailed() throws Exception {
        try (GatewayService gateway = gatewayOfBoth()) {
            one.answers(FakeWorker.hangUp());
            two.answers(FakeWorker.hangUp());
            HttpResponse<String> response = chat(gateway, OF_BASE);
            assertThat(response.statusCode()).isEqualTo(502);
            assertThat(error(response).get("code").asString()).isEqualTo("worker_failed");
        }
    }

    @Test
    void withoutAReadyWorkerNothingIsServedButTheListIs() throws Exception {
        one.ready(false);
        try (FakeWorker other = new FakeWorker("another-base", 0);
                GatewayService gateway =
                        Gateways.start(
                                catalog.address(), SILENCE, one.address(), other.address())) {
            await(() -> get(gateway, "/v1/models").body().contains("sql"));
            HttpResponse<String> response = chat(gateway, OF_BASE);
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(error(response).get("code").asString()).isEqualTo("no_worker");
            assertThat(response.headers().firstValue("Retry-After")).contains("2");
            assertThat(response.headers().firstValue("x-should-retry")).isEmpty();
            assertThat(one.gotNothing()).isTrue();
            assertThat(other.gotNothing()).isTrue();

            one.ready(true);
            await(() -> chat(gateway, OF_BASE).statusCode() == 200);
            assertThat(get(gateway, "/actuator/health/readiness").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void servesOnWhenTheCatalogGoes() throws Exception {
        try (GatewayService gateway = gatewayOfBoth()) {
            assertThat(GatewayScrape.of(gateway).sum("weft_gateway_feed_sequence")).isPositive();
            assertThat(GatewayScrape.of(gateway).sum("weft_gateway_workers", "state", "ready"))
                    .isEqualTo(2);
            catalog.close();
            await(() -> !gateway.catalogConnected());
            assertThat(chat(gateway, "{\"model\":\"sql\"}").statusCode()).isEqualTo(200);
            assertThat(get(gateway, "/v1/models/sql").statusCode()).isEqualTo(200);
            assertThat(get(gateway, "/actuator/health/readiness").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void startsWithoutTheCatalogServesTheBaseAndIsReadyAfterAWhile() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Gateways.STARTED);
        Clock clock = InstantSource.offset(now::get, Duration.ZERO).withZone(ZoneOffset.UTC);
        AtomicLong nanos = new AtomicLong();
        try (GatewayService gateway =
                Gateways.start(NOBODY, SILENCE, clock, nanos::get, two.address())) {
            await(() -> chat(gateway, OF_BASE).statusCode() == 200);
            assertThat(json(get(gateway, "/v1/models").body()).get("data")).hasSize(1);
            HttpResponse<String> adapter = chat(gateway, "{\"model\":\"sql\"}");
            assertThat(adapter.statusCode()).isEqualTo(503);
            assertThat(error(adapter).get("code").asString()).isEqualTo("adapter_unavailable");
            assertThat(adapter.headers().firstValue("Retry-After")).isPresent();

            assertThat(get(gateway, "/actuator/health/readiness").statusCode()).isEqualTo(503);
            now.set(Gateways.STARTED.minusSeconds(3600)); // set right meanwhile
            nanos.set(TimeUnit.SECONDS.toNanos(10));
            assertThat(get(gateway, "/actuator/health/readiness").statusCode()).isEqualTo(200);
            now.set(Gateways.STARTED.plusSeconds(10));
            assertThat(GatewayScrape.of(gateway).sum("weft_gateway_feed_age_seconds"))
                    .isEqualTo(10);
        }
    }
}
