package dev.weft.gateway.trace;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.CLIENT;
import static dev.weft.gateway.Gateways.await;
import static dev.weft.gateway.Gateways.chat;
import static dev.weft.gateway.Gateways.post;
import static dev.weft.gateway.Gateways.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import dev.weft.tracing.Collector;
import dev.weft.tracing.RecordedSpan;
import dev.weft.tracing.TracingOptions;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

class RequestTracesTest {
    private static final String OF_SQL = "{\"model\":\"sql\"}";
    private static final String CLIENTS_TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CLIENTS_SPAN = "b7ad6b7169203331";
    private static final String NAME = "POST /v1/chat/completions";

    private FakeCatalog catalog;
    private FakeWorker worker;
    private Collector collector;

    @BeforeEach
    void start() throws Exception {
        catalog = new FakeCatalog(FakeCatalog.adapter("sql", 1));
        worker = new FakeWorker(BASE, 0);
        collector = new Collector();
    }

    @AfterEach
    void stop() {
        collector.close();
        worker.close();
        catalog.close();
    }

    private GatewayService gateway(TracingOptions tracing) throws Exception {
        GatewayService gateway = Gateways.start(catalog.address(), tracing, worker.address());
        Gateways.awaitReady(gateway);
        return gateway;
    }

    private RecordedSpan request() throws InterruptedException {
        return collector.await(span -> span.kind() == SpanKind.SPAN_KIND_SERVER);
    }

    private List<RecordedSpan> attempts(int count) throws InterruptedException {
        return collector.awaitAll(span -> span.kind() == SpanKind.SPAN_KIND_CLIENT, count);
    }

    private static HttpRequest traced(GatewayService gateway, String flags) {
        return HttpRequest.newBuilder(post(gateway, "/v1/chat/completions", OF_SQL), (_, _) -> true)
                .header("traceparent", "00-" + CLIENTS_TRACE + "-" + CLIENTS_SPAN + "-" + flags)
                .header("tracestate", "vendor=1")
                .build();
    }

    @Test
    void aRequestIsASpanWithAnAttemptWithinItWhichTheWorkerIsTold() throws Exception {
        try (GatewayService gateway = gateway(collector.settings())) {
            assertThat(chat(gateway, OF_SQL).statusCode()).isEqualTo(200);

            RecordedSpan request = request();
            assertThat(request.name()).isEqualTo(NAME);
            assertThat(request.service()).isEqualTo("weft-gateway");
            assertThat(request.parent()).isEmpty();
            assertThat(request.error()).isFalse();
            assertThat(request.attributes())
                    .containsEntry("gen_ai.operation.name", "chat")
                    .containsEntry("gen_ai.request.model", "sql")
                    .containsEntry("weft.adapter", "sql")
                    .containsEntry("weft.outcome", "ok")
                    .containsEntry("http.response.status_code", "200")
                    .containsKey("weft.request.id")
                    .doesNotContainKey("error.type");
            assertThat(request.get("weft.adapter.digest")).startsWith("sha256:");

            RecordedSpan attempt = attempts(1).getFirst();
            assertThat(attempt.name()).isEqualTo("chat sql");
            assertThat(attempt.isChildOf(request)).isTrue();
            assertThat(attempt.within(request)).isTrue();
            assertThat(attempt.attributes())
                    .containsEntry("server.port", "" + worker.address().getPort())
                    .containsEntry("weft.attempt", "1");
            assertThat(worker.next().headers().get("traceparent"))
                    .matches("00-" + request.trace() + "-" + attempt.id() + "-0[13]");
        }
    }

    @Test
    void aClientsTraceIsGoneOnWith() throws Exception {
        try (GatewayService gateway = gateway(collector.settings())) {
            assertThat(send(traced(gateway, "01")).statusCode()).isEqualTo(200);

            RecordedSpan request = request();
            assertThat(request.trace()).isEqualTo(CLIENTS_TRACE);
            assertThat(request.parent()).isEqualTo(CLIENTS_SPAN);
            assertThat(worker.next().headers().get("tracestate")).isEqualTo("vendor=1");
        }
    }

    @Test
    void whatTheClientDoesNotTraceIsNotTraced() throws Exception {
        try (GatewayService gateway = gateway(collector.settings())) {
            send(traced(gateway, "00"));
            assertThat(worker.next().headers().get("traceparent"))
                    .startsWith("00-" + CLIENTS_TRACE + "-")
                    .endsWith("-00");
        }
        assertThat(collector.spans()).isEmpty(); // closed, so all has been sent
    }

    @Test
    void withoutACollectorTheHeadersPassAsTheyAre() throws Exception {
        try (GatewayService gateway = gateway(TracingOptions.OFF)) {
            send(traced(gateway, "01"));
            assertThat(worker.next().headers().get("traceparent"))
                    .isEqualTo("00-" + CLIENTS_TRACE + "-" + CLIENTS_SPAN + "-01");
        }
    }

    @Test
    void eachWorkerThatWasTriedIsASpan() throws Exception {
        try (FakeWorker other = new FakeWorker(BASE, 0);
                GatewayService gateway =
                        Gateways.start(
                                catalog.address(),
                                collector.settings(),
                                worker.address(),
                                other.address())) {
            await(() -> Gateways.workersReady(gateway) == 2);
            worker.answers(FakeWorker.hangUp());
            other.answers(FakeWorker.hangUp());
            assertThat(chat(gateway, OF_SQL).statusCode()).isEqualTo(502);

            RecordedSpan request = request();
            List<RecordedSpan> attempts = attempts(2);
            assertThat(attempts)
                    .allMatch(attempt -> attempt.isChildOf(request))
                    .allMatch(RecordedSpan::error)
                    .allMatch(attempt -> "broken".equals(attempt.get("error.type")))
                    .extracting(attempt -> attempt.get("weft.attempt"))
                    .containsExactlyInAnyOrder("1", "2");
            assertThat(attempts)
                    .extracting(attempt -> attempt.get("server.port"))
                    .doesNotHaveDuplicates();
            assertThat(request.error()).isTrue();
            assertThat(request.attributes())
                    .containsEntry("error.type", "worker_failed")
                    .containsEntry("http.response.status_code", "502");
        }
    }

    @Test
    void aStreamThatBreaksIsAnError() throws Exception {
        try (GatewayService gateway = gateway(collector.settings())) {
            worker.answers(FakeWorker.cut("text/event-stream", Flux.just("data: one\n\n", "data")));
            assertThat(chat(gateway, OF_SQL).body()).contains("event: error");

            RecordedSpan request = request();
            assertThat(request.error()).isTrue();
            assertThat(request.attributes())
                    .containsEntry("weft.outcome", "broken")
                    .containsEntry("error.type", "worker_failed");
            assertThat(attempts(1).getFirst().error()).isTrue();
        }
    }

    @Test
    void aClientThatLeavesIsWrittenDownAndNoErrorOfOurs() throws Exception {
        try (GatewayService gateway = gateway(collector.settings())) {
            worker.answers(
                    FakeWorker.stream(
                            Flux.interval(Duration.ofMillis(20)).map(i -> "data: " + i + "\n\n")));
            HttpResponse<InputStream> response =
                    CLIENT.send(
                            post(gateway, "/v1/chat/completions", OF_SQL),
                            HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                assertThat(body.read()).isEqualTo('d');
            }
            RecordedSpan request = request();
            assertThat(request.error()).isFalse();
            assertThat(request.attributes()).containsEntry("weft.outcome", "cancelled");
            assertThat(attempts(1).getFirst().attributes())
                    .containsEntry("error.type", "cancelled");
        }
    }

    @Test
    void aModelThatIsNotThereIsTheClientsFault() throws Exception {
        try (GatewayService gateway = gateway(collector.settings())) {
            assertThat(chat(gateway, "{\"model\":\"nobody\"}").statusCode()).isEqualTo(404);

            RecordedSpan request = request();
            assertThat(request.error()).isFalse();
            assertThat(request.attributes())
                    .containsEntry("error.type", "model_not_found")
                    .containsEntry("weft.outcome", "refused")
                    .containsEntry("http.response.status_code", "404");
            assertThat(collector.spans()).hasSize(1);
        }
    }

    @Test
    void aFigureLeadsToTheTraceOfARequestThatMadeIt() throws Exception {
        try (GatewayService gateway = gateway(collector.settings())) {
            chat(gateway, OF_SQL);
            RecordedSpan request = request();
            String figures = openMetrics(gateway);
            for (String latency :
                    List.of(
                            "gen_ai_server_request_duration_seconds",
                            "weft_gateway_queue_seconds")) {
                assertThat(figures.lines())
                        .anyMatch(line ->
                                line.startsWith(latency + "_bucket")
                                        && line.contains("# {span_id=\"" + request.id() + "\"")
                                        && line.contains("trace_id=\"" + request.trace() + "\""));
            }
        }
    }

    @Test
    void whatIsNotTracedLeadsNowhere() throws Exception {
        try (GatewayService gateway = gateway(collector.settings())) {
            send(traced(gateway, "00"));
            assertThat(openMetrics(gateway))
                    .contains("weft_gateway_requests")
                    .doesNotContain("trace_id");
        }
    }

    private static String openMetrics(GatewayService gateway) throws Exception {
        return send(HttpRequest.newBuilder(gateway.address().resolve("/actuator/prometheus"))
                        .header("Accept", "application/openmetrics-text; version=1.0.0")
                        .timeout(Gateways.PATIENCE)
                        .build())
                .body();
    }

    @Test
    void aCollectorThatSaysNothingChangesNothing() throws Exception {
        collector.saysNothing();
        GatewayService gateway = gateway(collector.settings());
        long longest = 0;
        try {
            for (int i = 0; i < 200; i++) {
                long begin = System.nanoTime();
                assertThat(chat(gateway, OF_SQL).statusCode()).isEqualTo(200);
                longest = Math.max(longest, System.nanoTime() - begin);
            }
        } finally {
            long begin = System.nanoTime();
            gateway.close();
            longest = Math.max(longest, System.nanoTime() - begin);
        }
        // what waited for an answer of the collector would take its 10 s
        assertThat(Duration.ofNanos(longest)).isLessThan(Duration.ofSeconds(10));
    }
}
