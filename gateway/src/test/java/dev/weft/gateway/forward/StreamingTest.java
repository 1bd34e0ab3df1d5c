package dev.weft.gateway.forward;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.CLIENT;
import static dev.weft.gateway.Gateways.chat;
import static dev.weft.gateway.Gateways.error;
import static dev.weft.gateway.Gateways.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayScrape;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class StreamingTest {
    /** Longer than a busy machine takes between two events. */
    private static final Duration SILENCE = Duration.ofSeconds(3);

    private static final String BODY = "{\"stream\":true,\"model\":\"sql\"}";

    private static FakeCatalog catalog;
    private static FakeWorker worker;
    private static GatewayService gateway;

    /** Waits no longer than {@link #SILENCE}. */
    private static GatewayService hasty;

    @BeforeAll
    static void start() throws Exception {
        catalog = new FakeCatalog(FakeCatalog.adapter("sql", 1));
        worker = new FakeWorker(BASE, 0);
        gateway = Gateways.start(catalog.address(), Gateways.PATIENCE, worker.address());
        Gateways.awaitReady(gateway);
        hasty = Gateways.start(catalog.address(), SILENCE, worker.address());
        Gateways.awaitReady(hasty);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        hasty.close();
        worker.close();
        catalog.close();
    }

    private static HttpResponse<InputStream> open(GatewayService gateway) throws Exception {
        return CLIENT.send(
                post(gateway, "/v1/chat/completions", BODY),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    private static BufferedReader lines(HttpResponse<InputStream> response) {
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    @Test
    void eachEventIsWithTheClientBeforeTheNextOneIsMade() throws Exception {
        Sinks.Many<String> events = Sinks.many().unicast().onBackpressureBuffer();
        worker.answers(FakeWorker.stream(events.asFlux()));
        events.tryEmitNext("data: 0\n\n").orThrow();
        HttpResponse<InputStream> response = open(gateway);
        assertThat(response.headers().firstValue("Content-Type").orElse(""))
                .startsWith("text/event-stream");
        try (BufferedReader reader = lines(response)) {
            for (int i = 0; i < 20; i++) {
                assertThat(reader.readLine()).isEqualTo("data: " + i);
                assertThat(reader.readLine()).isEmpty();
                events.tryEmitNext("data: " + (i + 1) + "\n\n").orThrow();
            }
            events.tryEmitNext("data: [DONE]\n\n").orThrow();
            events.tryEmitComplete().orThrow();
            assertThat(reader.readAllAsString()).isEqualTo("data: 20\n\ndata: [DONE]\n\n");
        }
    }

    @Test
    void aClientThatLeavesWithinTheStreamIsGoneForTheWorkerToo() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        worker.answers(
                FakeWorker.stream(
                        Flux.interval(Duration.ofMillis(20))
                                .map(i -> "data: " + i + "\n\n")
                                .doOnCancel(cancelled::countDown)));
        try (InputStream body = open(gateway).body()) {
            assertThat(body.read()).isEqualTo('d');
        }
        assertThat(cancelled.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aClientThatLeavesBeforeTheFirstByteIsGoneForTheWorkerToo() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        worker.answers((_, _) ->
                Mono.<Void>never()
                        .doOnSubscribe(_ -> asked.countDown())
                        .doOnCancel(cancelled::countDown));
        CompletableFuture<?> answer =
                CLIENT.sendAsync(
                        post(gateway, "/v1/chat/completions", BODY),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
        answer.cancel(true);
        assertThat(cancelled.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aStreamThatBreaksEndsWithAnErrorEventAfterItsLastWholeEvent() throws Exception {
        worker.answers(
                FakeWorker.cut(
                        "text/event-stream",
                        Flux.just("data: one\n\n", "data: two\n\ndata: {\"half\":")));
        HttpResponse<String> response = chat(gateway, BODY);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .startsWith("data: one\n\ndata: two\n\nevent: error\ndata: {\"error\":{")
                .contains("\"code\":\"worker_failed\"")
                .endsWith("}}\n\n")
                .doesNotContain("half", "[DONE]", "stop");
    }

    @Test
    void aStreamThatFallsSilentEndsWithAnErrorEvent() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        worker.answers(
                FakeWorker.stream(
                        Flux.concat(Flux.just("data: one\n\n"), Flux.<String>never())
                                .doOnCancel(cancelled::countDown)));
        HttpResponse<String> response = chat(hasty, BODY);

        assertThat(response.body())
                .startsWith("data: one\n\nevent: error\n")
                .contains("\"code\":\"timeout\"");
        assertThat(cancelled.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aStreamThatTakesLongButIsNeverSilentIsNotCutOff() throws Exception {
        worker.answers(
                FakeWorker.stream(
                        Flux.interval(SILENCE.dividedBy(10))
                                .take(12)
                                .map(i -> "data: " + i + "\n\n")));
        assertThat(chat(hasty, BODY).body()).endsWith("data: 11\n\n").doesNotContain("error");
    }

    @Test
    void aWorkerThatSaysNothingIsATimeout() throws Exception {
        double before = timedOut();
        worker.answers((_, _) -> Mono.never());
        HttpResponse<String> response = chat(hasty, BODY);
        assertThat(response.statusCode()).isEqualTo(504);
        assertThat(error(response).get("code").asString()).isEqualTo("timeout");

        Gateways.await(() -> timedOut() == before + 1);
        worker.answers(FakeWorker.stream(Flux.never())); // the head, and then nothing
        HttpResponse<String> head = chat(hasty, BODY);
        assertThat(head.statusCode()).isEqualTo(504);
        assertThat(head.headers().firstValue("Content-Type")).contains("application/json");
        Gateways.await(() -> timedOut() == before + 2);
    }

    private static double timedOut() throws Exception {
        return GatewayScrape.of(hasty)
                .sum("gen_ai_server_request_duration_seconds_count", "weft_outcome", "timed_out");
    }

    @Test
    void anAnswerThatIsNoStreamAndBreaksIsNotTakenForTheWhole() {
        worker.answers(FakeWorker.cut("application/json", Flux.just("{\"choices\":[")));
        assertThatThrownBy(() -> chat(gateway, BODY)).isInstanceOf(IOException.class);
    }

    @Test
    void aBrokenAnswerIsCountedAsBroken() throws Exception {
        double before = broken();
        worker.answers(FakeWorker.cut("text/event-stream", Flux.just("data: one\n\n")));
        chat(gateway, BODY);
        Gateways.await(() -> broken() == before + 1); // the client may hear of it first
        worker.answers(FakeWorker.cut("application/json", Flux.just("{")));
        assertThatThrownBy(() -> chat(gateway, BODY)).isInstanceOf(IOException.class);
        Gateways.await(() -> broken() == before + 2);
    }

    private static double broken() throws Exception {
        return GatewayScrape.of(gateway)
                .sum(
                        "gen_ai_server_request_duration_seconds_count",
                        "weft_adapter",
                        "sql",
                        "weft_outcome",
                        "broken");
    }

    @Test
    void whatIsUnderWayFinishesWhileReadinessRefuses() throws Exception {
        GatewayService closing =
                Gateways.startDraining(catalog.address(), Gateways.PATIENCE, worker.address());
        Gateways.awaitReady(closing);
        Sinks.Many<String> events = Sinks.many().unicast().onBackpressureBuffer();
        worker.answers(FakeWorker.stream(events.asFlux()));
        events.tryEmitNext("data: 0\n\n").orThrow();
        HttpResponse<InputStream> response = open(closing);
        try (BufferedReader reader = lines(response)) {
            assertThat(reader.readLine()).isEqualTo("data: 0");
            Thread end = Thread.ofVirtual().start(closing::close);
            Gateways.await(
                    () -> Gateways.get(closing, "/actuator/health/readiness").statusCode() == 503);
            assertThat(Gateways.get(closing, "/actuator/health/liveness").statusCode())
                    .isEqualTo(200);
            assertThat(chat(closing, "{\"model\":\"nobody\"}").statusCode()).isEqualTo(404);
            assertThat(end.isAlive()).isTrue();
            events.tryEmitNext("data: [DONE]\n\n").orThrow();
            events.tryEmitComplete().orThrow();
            assertThat(reader.readAllAsString()).isEqualTo("\ndata: [DONE]\n\n");
            assertThat(end.join(Gateways.PATIENCE)).isTrue();
        }
        assertThatThrownBy(() -> chat(closing, BODY)).isInstanceOf(IOException.class);
    }

    @Test
    void closingEndsStreamsWithAnErrorEventAndWaitsForNone() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        GatewayService closing =
                Gateways.start(catalog.address(), Gateways.PATIENCE, worker.address());
        Gateways.awaitReady(closing);
        worker.answers(
                FakeWorker.stream(
                        Flux.interval(Duration.ofMillis(20))
                                .map(i -> "data: " + i + "\n\n")
                                .doOnCancel(cancelled::countDown)));
        HttpResponse<InputStream> response = open(closing);
        try (BufferedReader reader = lines(response)) {
            assertThat(reader.readLine()).isEqualTo("data: 0");
            long start = System.nanoTime();
            closing.close();
            // what waits for a stream that does not end gives up after 30 s
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(15));
            assertThat(cancelled.await(60, TimeUnit.SECONDS)).isTrue();
            // The first line's event may be the last one before the error.
            assertThat("data: 0\n" + reader.readAllAsString())
                    .contains("\n\nevent: error\ndata: {\"error\":{")
                    .endsWith("}}\n\n")
                    .doesNotContain("[DONE]");
        }
        assertThatThrownBy(() -> chat(closing, BODY)).isInstanceOf(IOException.class);
    }
}
