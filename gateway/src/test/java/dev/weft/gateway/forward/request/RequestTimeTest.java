package dev.weft.gateway.forward.request;

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
import io.micrometer.core.instrument.Timer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Requests that may take only so long. */
class RequestTimeTest {
    private FakeCatalog catalog;
    private FakeWorker worker;

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

    private GatewayService gateway(String... settings) throws Exception {
        GatewayService gateway =
                GatewayService.start(
                        Gateways.options(catalog.address(), worker.address(), settings));
        Gateways.awaitReady(gateway);
        return gateway;
    }

    private static HttpResponse<String> ask(GatewayService gateway, String timeout)
            throws Exception {
        HttpRequest request =
                Gateways.post(
                        gateway, "/v1/chat/completions", "{\"model\":\"%s\"}".formatted(BASE));
        return Gateways.send(
                HttpRequest.newBuilder(request, (_, _) -> true)
                        .header("weft-timeout", timeout)
                        .build());
    }

    private long told() throws Exception {
        return Long.parseLong(worker.next().headers().get("weft-time-left"));
    }

    @Test
    void theWorkerIsToldWhatIsLeft() throws Exception {
        try (GatewayService gateway = gateway("weft.gateway.max-request-time=1m")) {
            assertThat(ask(gateway, "20.5").statusCode()).isEqualTo(200);
            assertThat(told()).isBetween(15_000L, 20_500L);
            assertThat(ask(gateway, "3600").statusCode()).isEqualTo(200);
            assertThat(told()).isBetween(50_000L, 60_000L);
            assertThat(Gateways.chat(gateway, "{\"model\":\"%s\"}".formatted(BASE)).statusCode())
                    .isEqualTo(200);
            assertThat(told()).isBetween(50_000L, 60_000L);
        }
    }

    @Test
    void withoutABoundNothingIsTold() throws Exception {
        try (GatewayService gateway = gateway()) {
            Gateways.chat(gateway, "{\"model\":\"%s\"}".formatted(BASE));
            assertThat(worker.next().headers().get("weft-time-left")).isNull();
        }
    }

    @Test
    void aWorkerThatTakesLongerIsNotWaitedFor() throws Exception {
        worker.answers((_, _) -> Mono.never());
        try (GatewayService gateway = gateway()) {
            HttpResponse<String> late = ask(gateway, "0.2");
            assertThat(late.statusCode()).isEqualTo(504);
            assertThat(error(late).get("code").asString()).isEqualTo("timeout");
            assertThat(error(late).get("message").asString())
                    .isEqualTo("The request was not answered within its 0.2 s.");
            assertThat(worker.requests()).isEqualTo(1);
        }
    }

    /** Wherever it ends: no version, worker or gateway is to blame for it. */
    @Test
    void whatItsClientAllowedIsAnOutcomeOfItsOwn() throws Exception {
        try (GatewayService gateway = gateway()) {
            worker.answers((_, _) -> Mono.never());
            assertThat(ask(gateway, "0.1").statusCode()).isEqualTo(504);
            worker.answers(
                    FakeWorker.stream(Flux.just("data: {\"a\":1}\n\n").concatWith(Flux.never())));
            assertThat(ask(gateway, "3").statusCode()).isEqualTo(200);
            worker.answers(FakeWorker.json(504, "{}")); // it may notice before the gateway does
            assertThat(ask(gateway, "0.01").statusCode()).isEqualTo(504);

            await(() -> ended(gateway, "expired") == 3);
            assertThat(ended(gateway, "timed_out")).isZero();
            assertThat(ended(gateway, "failed")).isZero();
        }
    }

    @Test
    void whatTheGatewayOrTheWorkerAllowsIsAFailure() throws Exception {
        try (GatewayService gateway = gateway("weft.gateway.max-request-time=100ms")) {
            worker.answers((_, _) -> Mono.never());
            assertThat(ask(gateway, "20").statusCode()).isEqualTo(504);
            await(() -> ended(gateway, "timed_out") == 1);
        }
        try (GatewayService gateway = gateway()) {
            worker.answers(FakeWorker.json(504, "{}"));
            assertThat(ask(gateway, "60").statusCode()).isEqualTo(504);
            await(() -> ended(gateway, "failed") == 1);
            assertThat(ended(gateway, "expired")).isZero();
        }
    }

    private static long ended(GatewayService gateway, String outcome) {
        return Gateways.context(gateway)
                .getBean(MeterRegistry.class)
                .find("gen_ai.server.request.duration")
                .tag("weft.outcome", outcome)
                .timers()
                .stream()
                .mapToLong(Timer::count)
                .sum();
    }

    /** Time is over at any step of an answer. */
    @Test
    void anAnswerIsWholeOrAnError() throws Exception {
        try (GatewayService gateway = gateway()) {
            for (int i = 0; i < 200; i++) {
                HttpResponse<String> answer = ask(gateway, i % 2 == 0 ? "0.001" : "0.002");
                assertThat(answer.statusCode()).isIn(200, 504);
                assertThat(answer.body()).endsWith("}");
            }
        }
    }

    @Test
    void aStreamThatTakesLongerEndsWithAnErrorEvent() throws Exception {
        worker.answers(
                FakeWorker.stream(Flux.just("data: {\"a\":1}\n\n").concatWith(Flux.never())));
        try (GatewayService gateway = gateway()) {
            HttpResponse<String> broken = ask(gateway, "3");
            assertThat(broken.statusCode()).isEqualTo(200);
            assertThat(broken.body())
                    .startsWith("data: {\"a\":1}\n\nevent: error\n")
                    .contains("\"code\":\"timeout\"")
                    .doesNotContain("[DONE]");
        }
    }

    @Test
    void timeGoesByWhileARequestWaitsAtTheGateway() throws Exception {
        worker.tells(new WorkerState(false, 4, Map.of(), new WorkerLoad(1, 1, Map.of(), 0, 0, 0)));
        try (GatewayService gateway = gateway("weft.gateway.queue.worker-backlog=0")) {
            await(() ->
                    Gateways.context(gateway)
                                    .getBean(MeterRegistry.class)
                                    .get("weft.gateway.worker.state.age")
                                    .gauge()
                                    .value()
                            >= 0);
            HttpResponse<String> late = ask(gateway, "0.3");
            assertThat(late.statusCode()).isEqualTo(504);
            assertThat(error(late).get("code").asString()).isEqualTo("timeout");
            assertThat(Gateways.waiting(gateway)).isZero();
            assertThat(worker.gotNothing()).isTrue();
        }
    }

    @Test
    void timeGoesByWhileABodyArrives() throws Exception {
        try (GatewayService gateway = gateway();
                Socket client =
                        new Socket(InetAddress.getLoopbackAddress(), gateway.address().getPort())) {
            client.setSoTimeout((int) TimeUnit.SECONDS.toMillis(20));
            String begun =
                    """
                    POST /v1/chat/completions HTTP/1.1
                    Host: localhost
                    Content-Type: application/json
                    Content-Length: 1000
                    weft-timeout: 0.2

                    {\
                    """;
            client.getOutputStream()
                    .write(begun.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
            var answer =
                    new BufferedReader(
                            new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
            assertThat(answer.readLine()).startsWith("HTTP/1.1 504");
            await(() -> ended(gateway, "expired") == 1);
        }
    }

    @Test
    void aTimeThatIsNoneIsRefused() throws Exception {
        try (GatewayService gateway = gateway()) {
            for (String timeout : List.of("0", "-1", "1e3", "5s", "86401", "0.0001")) {
                HttpResponse<String> refused = ask(gateway, timeout);
                assertThat(refused.statusCode()).as(timeout).isEqualTo(400);
                assertThat(error(refused).get("message").asString())
                        .isEqualTo(
                                "The header weft-timeout: allowed are seconds from 0.001 to 86400,"
                                        + " with at most 3 decimals.");
            }
        }
    }
}
