package dev.weft.gateway.forward;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import dev.weft.protocol.worker.WorkerLoad;
import dev.weft.protocol.worker.WorkerState;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Streams that have to wait for their first event. */
class EarlyStreamTest {
    private static final String STREAM = "{\"model\":\"%s\",\"stream\":true}".formatted(BASE);
    private static final String ANSWER = "data: {\"a\":1}\n\ndata: [DONE]\n\n";

    private FakeCatalog catalog;
    private FakeWorker worker;
    private final Sinks.Empty<Void> waits = Sinks.empty();

    @BeforeEach
    void start() throws Exception {
        catalog = new FakeCatalog(FakeCatalog.adapter("sql", 1));
        worker = new FakeWorker(BASE, 0);
    }

    @AfterEach
    void stop() {
        worker.close();
        catalog.close();
    }

    private GatewayService gateway(String... more) throws Exception {
        GatewayService gateway =
                GatewayService.start(
                        Gateways.options(
                                catalog.address(),
                                worker.address(),
                                Stream.concat(
                                                Stream.of("weft.gateway.queue.keep-alive=50ms"),
                                                Stream.of(more))
                                        .toArray(String[]::new)));
        Gateways.awaitReady(gateway);
        return gateway;
    }

    /** Has the worker answer so once the test says so. */
    private void answersLater(FakeWorker.Answer then) {
        worker.answers((request, response) ->
                waits.asMono().then(Mono.defer(() -> Mono.from(then.apply(request, response)))));
    }

    private static HttpRequest ask(GatewayService gateway, String body) {
        return Gateways.post(gateway, "/v1/chat/completions", body);
    }

    /** A stream that has begun with a comment; the worker is let answer then. */
    private String early(GatewayService gateway) throws Exception {
        var response =
                Gateways.CLIENT.send(
                        ask(gateway, STREAM), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
        assertThat(response.headers().firstValue("x-request-id")).isPresent();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo(": waiting");
            assertThat(lines.readLine()).isEmpty();
            waits.tryEmitEmpty();
            return lines.lines()
                    .collect(Collectors.joining("\n", "", "\n"))
                    .replace(": waiting\n\n", "");
        }
    }

    private static double requests(GatewayService gateway, String tag, String value) {
        return Gateways.context(gateway)
                .getBean(MeterRegistry.class)
                .find("gen_ai.server.request.duration")
                .tag(tag, value)
                .timers()
                .stream()
                .mapToDouble(timer -> timer.count())
                .sum();
    }

    @Test
    void aStreamBeginsWithCommentsWhileItsWorkerIsSilent() throws Exception {
        answersLater(FakeWorker.stream(Flux.just("data: {\"a\":1}\n\n", "data: [DONE]\n\n")));
        try (GatewayService gateway = gateway()) {
            assertThat(early(gateway)).isEqualTo(ANSWER);
        }
    }

    @Test
    void anAnswerThatComesInTimeHasNoComments() throws Exception {
        worker.answers(FakeWorker.stream(Flux.just("data: {\"a\":1}\n\n", "data: [DONE]\n\n")));
        try (GatewayService gateway = gateway("weft.gateway.queue.keep-alive=10s")) {
            assertThat(Gateways.send(ask(gateway, STREAM)).body()).isEqualTo(ANSWER);
            worker.answers(FakeWorker.json(400, "{\"error\":{}}"));
            assertThat(Gateways.send(ask(gateway, STREAM)).statusCode()).isEqualTo(400);
        }
    }

    @Test
    void whatIsNotStreamedWaitsForItsStatus() throws Exception {
        waitsForItsStatus("/v1/chat/completions", "{\"model\":\"%s\"}".formatted(BASE));
    }

    /** Neither a client that reads JSON nor one that reads events could read comments before it. */
    @Test
    void anAnswerThatIsNeverStreamedHasNoCommentsWhateverIsAskedFor() throws Exception {
        waitsForItsStatus("/v1/embeddings", STREAM);
    }

    private void waitsForItsStatus(String path, String body) throws Exception {
        answersLater(FakeWorker.json(400, "{}"));
        try (GatewayService gateway = gateway()) {
            var answer =
                    Gateways.CLIENT.sendAsync(
                            Gateways.post(gateway, path, body),
                            HttpResponse.BodyHandlers.ofString());
            worker.next();
            Mono.delay(Duration.ofMillis(150)).block();
            waits.tryEmitEmpty();
            assertThat(answer.get().statusCode()).isEqualTo(400);
        }
    }

    @Test
    void anErrorOfTheWorkerBecomesAnEvent() throws Exception {
        answersLater(
                FakeWorker.json(
                        400,
                        "{\"error\":{\"message\":\"too\\nlong\",\"type\":\"x\",\"param\":\"messages\","
                            + "\"code\":\"context_length_exceeded\"}}"));
        try (GatewayService gateway = gateway()) {
            assertThat(early(gateway))
                    .isEqualTo(
                            "event: error\ndata: {\"error\":{\"message\":\"too\\nlong\","
                                    + "\"type\":\"invalid_request_error\",\"param\":\"messages\","
                                    + "\"code\":\"context_length_exceeded\"}}\n\n");
            await(() -> requests(gateway, "error.type", "context_length_exceeded") == 1);
        }
    }

    @Test
    void anotherWorkerMayStillTakeOver() throws Exception {
        answersLater(FakeWorker.json(503, "{}"));
        try (FakeWorker other = new FakeWorker(BASE, 0)) {
            other.answers(FakeWorker.stream(Flux.just("data: {\"a\":1}\n\n", "data: [DONE]\n\n")));
            other.ready(false);
            try (GatewayService gateway =
                    gateway("weft.gateway.workers=" + worker.address() + "," + other.address())) {
                await(() -> Gateways.workersReady(gateway) == 1);
                var response =
                        Gateways.CLIENT.send(
                                ask(gateway, STREAM), HttpResponse.BodyHandlers.ofInputStream());
                assertThat(response.statusCode()).isEqualTo(200);
                other.ready(true);
                await(() -> Gateways.workersReady(gateway) == 2);
                waits.tryEmitEmpty();
                assertThat(new String(response.body().readAllBytes(), StandardCharsets.UTF_8))
                        .startsWith(": waiting\n\n")
                        .endsWith("\n\n" + ANSWER);
            }
        }
    }

    @Test
    void commentsComeThoughAWorkerDeclinedBefore() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        FakeWorker.Answer events =
                FakeWorker.stream(Flux.just("data: {\"a\":1}\n\n", "data: [DONE]\n\n"));
        FakeWorker.Answer second =
                (request, response) ->
                        asked.incrementAndGet() == 1
                                ? FakeWorker.json(503, "{}").apply(request, response)
                                : waits.asMono()
                                        .then(
                                                Mono.defer(() ->
                                                        Mono.from(
                                                                events.apply(request, response))));
        worker.answers(second);
        try (FakeWorker other = new FakeWorker(BASE, 0)) {
            other.answers(second);
            try (GatewayService gateway =
                    gateway(
                            "weft.gateway.workers=" + worker.address() + "," + other.address(),
                            // the first one declines sooner
                            "weft.gateway.queue.keep-alive=1s")) {
                await(() -> Gateways.workersReady(gateway) == 2);
                assertThat(early(gateway)).isEqualTo(ANSWER);
            }
        }
    }

    @Test
    void aHeadAloneBeginsNothing() throws Exception {
        worker.answers(
                FakeWorker.stream(
                        waits.asMono()
                                .thenMany(Flux.just("data: {\"a\":1}\n\n", "data: [DONE]\n\n"))));
        try (GatewayService gateway = gateway()) {
            assertThat(early(gateway)).isEqualTo(ANSWER);
        }
    }

    /** Its length is not that of the stream which began meanwhile. */
    @Test
    void aWorkersErrorMayComeLongAfterItsHead() throws Exception {
        String error = "{\"error\":{\"message\":\"x\",\"code\":\"context_length_exceeded\"}}";
        FakeWorker.Answer body = FakeWorker.stream(waits.asMono().thenMany(Flux.just(error)));
        worker.answers((request, response) ->
                body.apply(
                        request,
                        response.status(400).header("Content-Length", "" + error.length())));
        try (GatewayService gateway = gateway()) {
            assertThat(early(gateway))
                    .startsWith("event: error\n")
                    .contains("\"code\":\"context_length_exceeded\"");
        }
    }

    @Test
    void aWaitInVainEndsWithAnErrorEvent() throws Exception {
        worker.tells(new WorkerState(false, 4, Map.of(), new WorkerLoad(1, 1, Map.of(), 0, 0, 0)));
        try (GatewayService gateway =
                gateway("weft.gateway.queue.worker-backlog=0", "weft.gateway.queue.max-wait=2s")) {
            await(() ->
                    Gateways.context(gateway)
                                    .getBean(MeterRegistry.class)
                                    .get("weft.gateway.worker.state.age")
                                    .gauge()
                                    .value()
                            >= 0);
            assertThat(early(gateway))
                    .startsWith("event: error\ndata: {\"error\":")
                    .contains("\"code\":\"overloaded\"")
                    .doesNotContain("[DONE]");
            assertThat(worker.gotNothing()).isTrue();
        }
    }

    @Test
    void aGatewayThatEndsSaysSoInTheStream() throws Exception {
        answersLater((_, _) -> Mono.never());
        HttpResponse<java.io.InputStream> response;
        try (GatewayService gateway = gateway()) {
            response =
                    Gateways.CLIENT.send(
                            ask(gateway, STREAM), HttpResponse.BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
        }
        assertThat(new String(response.body().readAllBytes(), StandardCharsets.UTF_8))
                .contains("event: error")
                .contains("The gateway is shutting down.");
    }

    @Test
    void aClientThatLeavesWhileItsStreamWaitsIsForgotten() throws Exception {
        answersLater((_, _) -> Mono.never());
        try (GatewayService gateway = gateway()) {
            var response =
                    Gateways.CLIENT.send(
                            ask(gateway, STREAM), HttpResponse.BodyHandlers.ofInputStream());
            response.body().close();
            await(() -> requests(gateway, "error.type", "cancelled") == 1);
        }
    }
}
