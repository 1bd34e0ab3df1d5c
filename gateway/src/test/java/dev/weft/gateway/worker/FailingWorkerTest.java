package dev.weft.gateway.worker;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.await;
import static dev.weft.gateway.Gateways.chat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayScrape;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Workers whose probes are good while their requests fail. */
class FailingWorkerTest {
    private static final String BODY = "{\"model\":\"" + BASE + "\"}";
    private static final String STREAM = "{\"model\":\"" + BASE + "\",\"stream\":true}";
    private static final String ERROR =
            "{\"error\":{\"message\":\"x\",\"code\":\"internal_error\"}}";
    private static final String ENGINE_FAILED =
            "{\"error\":{\"message\":\"x\",\"code\":\"worker_failed\"}}";

    /** Longer than a busy machine takes for an answer. */
    private static final Duration SILENCE = Duration.ofSeconds(3);

    /** A worker that failed is away for five seconds. */
    private static final Duration AWAY = Duration.ofSeconds(4);

    private FakeCatalog catalog;
    private FakeWorker one;
    private FakeWorker two;
    private GatewayService gateway;

    @BeforeEach
    void start() throws Exception {
        catalog = new FakeCatalog(FakeCatalog.adapter("sql", 1));
        one = new FakeWorker(BASE, 0);
        two = new FakeWorker(BASE, 0);
        gateway =
                Gateways.start(catalog.address(), Gateways.PATIENCE, one.address(), two.address());
        await(() -> Gateways.workersReady(gateway) == 2);
    }

    @AfterEach
    void stop() {
        gateway.close();
        one.close();
        two.close();
        catalog.close();
    }

    private void ask(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            chat(gateway, BODY);
        }
    }

    @Test
    void oneAtWhichFiveInARowFailGetsNoMore() throws Exception {
        one.answers(FakeWorker.json(500, ERROR));
        for (int failed = 0; failed < 5; failed += one.requests()) {
            ask(1);
        }
        two.requests();
        int asked = askTheOther(gateway);
        assertThat(one.gotNothing()).isTrue();
        assertThat(two.requests()).isEqualTo(asked);
    }

    /** Though another worker answers each of its requests. */
    @Test
    void oneWhoseEngineFailsGetsNoMore() throws Exception {
        try (GatewayService other = fresh(Gateways.PATIENCE)) {
            assertNoMoreOnceFiveFailed(other, BODY, FakeWorker.json(502, ENGINE_FAILED));
        }
    }

    /** Before the first byte or after it. */
    @Test
    void oneThatBreaksItsConnectionsGetsNoMore() throws Exception {
        for (FakeWorker.Answer breaks :
                List.of(
                        FakeWorker.hangUp(),
                        FakeWorker.cut("text/event-stream", Flux.just("data: 1\n\n")))) {
            try (GatewayService other = fresh(Gateways.PATIENCE)) {
                assertNoMoreOnceFiveFailed(other, BODY, breaks);
            }
        }
    }

    @Test
    void oneThatEndsItsStreamsWithItsOwnErrorGetsNoMore() throws Exception {
        FakeWorker.Answer ends =
                FakeWorker.stream(
                        Flux.just(
                                "data: 1\n\n",
                                ": weft-error worker_failed\ndata: " + ENGINE_FAILED + "\n\n"));
        try (GatewayService other = fresh(Gateways.PATIENCE)) {
            assertNoMoreOnceFiveFailed(other, STREAM, ends);
        }
    }

    /** Another error within a stream is the request's: it is neither a failure nor a success. */
    @Test
    void streamsThatEndByTheirRequestsFaultCountForNothing() throws Exception {
        one.answers(
                FakeWorker.stream(
                        Flux.just("data: 1\n\n", ": weft-error request_failed\ndata: {}\n\n")));
        try (GatewayService other = fresh(Gateways.PATIENCE)) {
            for (int ended = 0; ended < 8; ended += one.requests()) {
                burst(other, STREAM);
            }
            one.answers(FakeWorker.json(200, "{}"));
            burst(other, STREAM);
            assertThat(one.requests()).isPositive();
            assertThat(GatewayScrape.of(other).sum("weft_gateway_worker_ejections_total")).isZero();
        }
    }

    @Test
    void oneThatIsSilentGetsNoMore() throws Exception {
        try (GatewayService other = fresh(SILENCE)) {
            assertNoMoreOnceFiveFailed(other, STREAM, (_, _) -> Mono.never());
        }
    }

    /** Long answers in one piece, sent by one client together, would have all workers away. */
    @Test
    void anAnswerInOnePieceThatTakesTooLongCountsForNothing() throws Exception {
        one.answers((_, _) -> Mono.never());
        try (GatewayService other = fresh(SILENCE)) {
            for (int silent = 0; silent < 8; silent += one.requests()) {
                burst(other, BODY);
            }
            one.answers(FakeWorker.json(200, "{}"));
            burst(other, BODY);
            assertThat(one.requests()).isPositive();
            assertThat(GatewayScrape.of(other).sum("weft_gateway_worker_ejections_total")).isZero();
        }
    }

    /** Its client may not have read on. */
    @Test
    void silenceWithinAnAnswerCountsForNothing() throws Exception {
        one.answers(FakeWorker.stream(Flux.just("data: 1\n\n").concatWith(Flux.never())));
        try (GatewayService other = fresh(SILENCE)) {
            for (int broken = 0; broken < 8; broken += one.requests()) {
                burst(other, BODY);
            }
            one.answers(FakeWorker.json(200, "{}"));
            burst(other, BODY);
            assertThat(one.requests()).isPositive();
            assertThat(GatewayScrape.of(other).sum("weft_gateway_worker_ejections_total")).isZero();
        }
    }

    /** Their answers are being written: that fails, and the worker has done nothing. */
    @Test
    void clientsThatResetTheirConnectionsCountForNothing() throws Exception {
        AtomicInteger cancelled = new AtomicInteger();
        one.answers(
                FakeWorker.stream(
                        Mono.just("data: " + "x".repeat(200) + "\n\n")
                                .repeat()
                                .doOnCancel(cancelled::incrementAndGet)));
        try (GatewayService alone =
                Gateways.start(catalog.address(), Gateways.PATIENCE, one.address())) {
            await(() -> Gateways.workersReady(alone) == 1);
            for (int reset = 1; reset <= 8; reset++) {
                int so = reset;
                try (Socket client = new Socket()) {
                    client.setSoLinger(true, 0);
                    client.connect(
                            new InetSocketAddress(
                                    InetAddress.getLoopbackAddress(), alone.address().getPort()));
                    client.getOutputStream().write(streamRequest());
                    assertThat(client.getInputStream().readNBytes(100_000)).hasSize(100_000);
                }
                await(() -> cancelled.get() == so);
            }
            assertThat(GatewayScrape.of(alone).sum("weft_gateway_worker_ejections_total")).isZero();
        }
    }

    private static byte[] streamRequest() {
        return """
        POST /v1/chat/completions HTTP/1.1
        Host: localhost
        Content-Type: application/json
        Content-Length: %d

        %s\
        """
                .formatted(STREAM.length(), STREAM)
                .replace("\n", "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private GatewayService fresh(Duration silence) throws Exception {
        GatewayService other =
                Gateways.start(catalog.address(), silence, one.address(), two.address());
        await(() -> Gateways.workersReady(other) == 2);
        return other;
    }

    private void assertNoMoreOnceFiveFailed(
            GatewayService asked, String body, FakeWorker.Answer fails) throws Exception {
        one.answers(fails);
        for (int failed = 0; failed < 5; failed += one.requests()) {
            burst(asked, body);
        }
        int _ = askTheOther(asked);
        assertThat(one.gotNothing()).isTrue();
        assertThat(GatewayScrape.of(asked).sum("weft_gateway_worker_ejections_total")).isEqualTo(1);
    }

    /**
     * Sends requests that are answered, as many as there is time for while the worker that has just
     * failed is away, and twenty at most; returns how many.
     */
    private static int askTheOther(GatewayService asked) throws Exception {
        long end = System.nanoTime() + AWAY.toNanos();
        int answered = 0;
        while (answered < 20 && System.nanoTime() - end < 0) {
            assertThat(chat(asked, BODY).statusCode()).isEqualTo(200);
            answered++;
        }
        return answered;
    }

    /** Of which each worker gets about half. */
    private static void burst(GatewayService asked, String body) throws Exception {
        List<CompletableFuture<HttpResponse<String>>> all =
                Stream.generate(() ->
                                Gateways.CLIENT.sendAsync(
                                        Gateways.post(asked, "/v1/chat/completions", body),
                                        HttpResponse.BodyHandlers.ofString()))
                        .limit(16)
                        .toList();
        for (CompletableFuture<HttpResponse<String>> answer : all) {
            HttpResponse<String> _ = answer.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void whatARequestItselfCausesCountsForNothing() throws Exception {
        one.answers(FakeWorker.lastingly(500, ERROR));
        for (int failed = 0; failed < 8; failed += one.requests()) {
            ask(1);
        }
        ask(40);
        assertThat(one.requests()).isPositive();
    }

    /** A worker may notice that the time is over before the gateway does. */
    @Test
    void aClientsOwnDeadlineCountsForNothing() throws Exception {
        one.answers(FakeWorker.json(504, ERROR));
        for (int failed = 0; failed < 8; failed += one.requests()) {
            ask("0.01");
        }
        ask(40);
        assertThat(one.requests()).isPositive();
    }

    @Test
    void aWorkerThatTakesNoTimeAtAllHasFailed() throws Exception {
        one.answers(FakeWorker.json(504, ERROR));
        for (int failed = 0; failed < 5; failed += one.requests()) {
            ask("60");
        }
        int _ = askTheOther(gateway);
        assertThat(one.gotNothing()).isTrue();
    }

    private void ask(String timeout) throws Exception {
        HttpResponse<String> _ =
                Gateways.send(
                        HttpRequest.newBuilder(
                                        Gateways.post(gateway, "/v1/chat/completions", BODY),
                                        (_, _) -> true)
                                .header("weft-timeout", timeout)
                                .build());
    }

    /** Nobody else serves its base, however many workers others have. */
    @Test
    void theOnlyWorkerOfABaseIsAskedOnIfAllFail() throws Exception {
        one.answers(FakeWorker.json(500, ERROR));
        try (FakeWorker other = new FakeWorker("other", 0);
                FakeWorker another = new FakeWorker("other", 0);
                GatewayService fleet =
                        Gateways.start(
                                catalog.address(),
                                Gateways.PATIENCE,
                                one.address(),
                                other.address(),
                                another.address())) {
            await(() -> Gateways.workersReady(fleet) == 3);
            for (int i = 0; i < 20; i++) {
                assertThat(chat(fleet, BODY).statusCode()).isEqualTo(500);
            }
            assertThat(one.requests()).isEqualTo(20);
        }
    }

    /** The trouble is elsewhere then. */
    @Test
    void allAreAskedOnIfAllFail() throws Exception {
        one.answers(FakeWorker.json(500, ERROR));
        two.answers(FakeWorker.json(500, ERROR));
        ask(30);
        one.requests();
        two.requests();
        ask(30);
        assertThat(one.requests()).isPositive();
        assertThat(two.requests()).isPositive();
    }
}
