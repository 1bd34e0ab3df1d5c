package dev.weft.system.observability;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.RunningFleet;
import dev.weft.system.fleet.Sample;
import dev.weft.tracing.Collector;
import dev.weft.tracing.RecordedSpan;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Tests a fleet that serves the sample and sends its traces to a collector. */
class TracesTest {
    private static final String MARKER = "zebra crossing 4711";
    private static final List<String> STEPS = List.of("adapter load", "queue", "prefill", "decode");
    private static final List<String> LATENCIES =
            List.of(
                    "vllm:request_queue_time_seconds",
                    "vllm:time_to_first_token_seconds",
                    "vllm:inter_token_latency_seconds",
                    "vllm:e2e_request_latency_seconds");
    private static int asked;

    @TempDir static Path folder;
    private static Collector collector;
    private static RunningFleet fleet;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeAll
    static void start() throws Exception {
        collector = new Collector();
        fleet =
                RunningFleet.start(
                        Sample.deploymentFile(),
                        folder.resolve("data"),
                        "weft.tracing.otlp-endpoint=" + collector.address());
    }

    @AfterAll
    static void stop() {
        fleet.close();
        collector.close();
    }

    @BeforeEach
    void listen() {
        log.start();
        root().addAppender(log);
    }

    @AfterEach
    void listenNoMore() {
        root().detachAppender(log);
    }

    private static ch.qos.logback.classic.Logger root() {
        return ((LoggerContext) LoggerFactory.getILoggerFactory())
                .getLogger(Logger.ROOT_LOGGER_NAME);
    }

    /** A trace that a client begins, so that its spans can be told from others'. */
    private record ClientTrace(String id) {
        static ClientTrace next() {
            return new ClientTrace("%032x".formatted(0xbeef0000L + ++asked));
        }

        String header() {
            return "00-" + id + "-00000000000000aa-01";
        }

        List<RecordedSpan> await(int spans) throws InterruptedException {
            return collector.awaitAll(span -> span.trace().equals(id), spans);
        }
    }

    private static HttpRequest.Builder chat(ClientTrace trace, String body) {
        return HttpRequest.newBuilder(fleet.gateway().resolve("/v1/chat/completions"))
                .header("Content-Type", "application/json")
                .header("traceparent", trace.header())
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private static String body(String model, boolean stream, int maxTokens) {
        return """
        {"model":"%s","stream":%s,"max_tokens":%d,"temperature":0,"ignore_eos":true,%s
         "messages":[{"role":"user","content":"%s"}]}
        """
                .formatted(
                        model,
                        stream,
                        maxTokens,
                        stream ? "\"stream_options\":{\"include_usage\":true}," : "",
                        MARKER);
    }

    private static RecordedSpan one(List<RecordedSpan> spans, String service, String name) {
        List<RecordedSpan> found =
                spans.stream()
                        .filter(span -> span.service().equals(service) && span.name().equals(name))
                        .toList();
        assertThat(found).as(service + " " + name).hasSize(1);
        return found.getFirst();
    }

    @Test
    void aStreamedRequestIsOneTraceFromTheGatewayToTheEnginesSteps() throws Exception {
        ClientTrace trace = ClientTrace.next();
        HttpResponse<String> answer = Http.send(chat(trace, body("sql", true, 24)));
        assertThat(answer.body()).endsWith("data: [DONE]\n\n");
        List<RecordedSpan> spans = trace.await(7);
        assertThat(spans).hasSize(7);

        RecordedSpan request = one(spans, "weft-gateway", "POST /v1/chat/completions");
        assertThat(request.parent()).isEqualTo("00000000000000aa");
        RecordedSpan attempt = one(spans, "weft-gateway", "chat sql");
        assertThat(attempt.isChildOf(request)).isTrue();
        assertThat(attempt.within(request)).isTrue();
        RecordedSpan worker = one(spans, "weft-worker", "POST /v1/chat/completions");
        assertThat(worker.kind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
        assertThat(worker.isChildOf(attempt)).isTrue();

        JsonNode usage = usage(answer.body());
        assertThat(worker.attributes())
                .containsEntry("gen_ai.operation.name", "chat")
                .containsEntry("gen_ai.request.model", "sql")
                .containsEntry("weft.adapter", "sql")
                .containsEntry("weft.outcome", "ok")
                .containsEntry("gen_ai.response.finish_reasons", "length")
                .containsEntry("gen_ai.usage.output_tokens", "24")
                .containsEntry("gen_ai.usage.input_tokens", usage.path("prompt_tokens").asString());
        assertThat(worker.get("weft.adapter.digest"))
                .isEqualTo(request.get("weft.adapter.digest"))
                .startsWith("sha256:");
        assertSteps(spans, worker, usage);
    }

    @Test
    void aLatencyOfTheWorkerLeadsToTheTraceOfARequest() throws Exception {
        ClientTrace trace = ClientTrace.next();
        Http.send(chat(trace, body("french", true, 24)));
        trace.await(7);
        Http.await(
                "exemplars",
                () -> {
                    String said =
                            Http.send(
                                            HttpRequest.newBuilder(
                                                            fleet.worker().resolve("/metrics"))
                                                    .header(
                                                            "Accept",
                                                            "application/openmetrics-text"))
                                    .body();
                    return LATENCIES.stream().allMatch(name -> leadsToATrace(said, name));
                });
    }

    private static boolean leadsToATrace(String metrics, String name) {
        Matcher exemplar =
                Pattern.compile(name + "_bucket\\{.*# \\{.*trace_id=\"([0-9a-f]{32})\"")
                        .matcher(metrics);
        return exemplar.find()
                && collector.spans().stream()
                        .anyMatch(span -> span.trace().equals(exemplar.group(1)));
    }

    private static void assertSteps(List<RecordedSpan> spans, RecordedSpan worker, JsonNode usage) {
        RecordedSpan before = null;
        for (String name : STEPS) {
            RecordedSpan step = one(spans, "weft-worker", name);
            assertThat(step.isChildOf(worker)).as(name).isTrue();
            assertThat(step.within(worker)).as(name).isTrue();
            if (before != null) {
                assertThat(step.beginEpochNanos())
                        .as(name)
                        .isGreaterThanOrEqualTo(before.endEpochNanos());
            }
            before = step;
        }
        assertThat(one(spans, "weft-worker", "adapter load").get("weft.adapter.tier"))
                .isIn("slot", "host", "disk", "catalog");
        RecordedSpan prefill = one(spans, "weft-worker", "prefill");
        assertThat(prefill.get("weft.tokens")).isEqualTo(usage.path("prompt_tokens").asString());
        assertThat(Integer.parseInt("" + prefill.get("weft.chunks"))).isPositive();
        RecordedSpan decode = one(spans, "weft-worker", "decode");
        // Fewer steps than tokens, if some were guessed.
        assertThat(Integer.parseInt("" + decode.get("weft.steps"))).isBetween(1, 23);
        assertThat(decode.attributes())
                .containsEntry("weft.tokens", "24")
                .containsEntry("weft.preemptions", "0")
                .containsEntry("weft.end", "length");
    }

    private static JsonNode usage(String events) {
        Matcher usage = Pattern.compile("data: (\\{.*\"usage\":\\{.*})").matcher(events);
        assertThat(usage.find()).isTrue();
        return Http.JSON.readTree(usage.group(1)).path("usage");
    }

    @Test
    void theBaseNeedsNoAdapter() throws Exception {
        ClientTrace trace = ClientTrace.next();
        Http.send(chat(trace, body(Sample.BASE, false, 4)));
        assertThat(trace.await(6))
                .extracting(RecordedSpan::name)
                .containsExactlyInAnyOrder(
                        "POST /v1/chat/completions",
                        "chat weft-tiny",
                        "POST /v1/chat/completions",
                        "queue",
                        "prefill",
                        "decode");
    }

    @Test
    void aClientThatLeavesIsSeenByBothAndTheEngineGivesUp() throws Exception {
        List<RecordedSpan> spans = leave();
        for (int i = 0; i < 5 && isWhole(spans); i++) {
            spans = leave(); // the engine was faster than the news
        }
        assertThat(spans)
                .filteredOn(span -> span.kind() == SpanKind.SPAN_KIND_SERVER)
                .hasSize(2)
                .allMatch(span -> "cancelled".equals(span.get("weft.outcome")));
        assertThat(one(spans, "weft-worker", "decode").get("weft.end")).isEqualTo("cancelled");
    }

    /** Reads the first byte of a long stream and goes; returns its spans. */
    private static List<RecordedSpan> leave() throws Exception {
        ClientTrace trace = ClientTrace.next();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<InputStream> response =
                    client.send(
                            chat(trace, body("json", true, 400)).build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                assertThat(in.read()).isEqualTo('d');
            }
        }
        return trace.await(7);
    }

    private static boolean isWhole(List<RecordedSpan> spans) {
        return "length".equals(one(spans, "weft-worker", "decode").get("weft.end"));
    }

    @Test
    void whatIsAskedIsNeitherInTracesNorInTheLogNorInErrors() throws Exception {
        ClientTrace trace = ClientTrace.next();
        String good = body("french", false, 8);
        assertThat(Http.send(chat(trace, good)).statusCode()).isEqualTo(200);
        String tooLong = good.replace(MARKER, (MARKER + " ").repeat(500));
        String brokenJson = good.replace("\"content\":\"", "\"content\":");
        String badRole = good.replace("\"max_tokens\":8", "\"max_tokens\":-8");
        for (String bad : List.of(tooLong, brokenJson, badRole)) {
            HttpResponse<String> refused = Http.send(chat(trace, bad));
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).doesNotContain("zebra");
        }
        trace.await(14);
        assertThat(collector.spans()).noneMatch(span -> span.raw().contains("zebra"));
        assertThat(said()).doesNotContain("zebra");
    }

    private String said() {
        return List.copyOf(log.list).stream()
                .map(event ->
                        event.getFormattedMessage()
                                + ThrowableProxyUtil.asString(event.getThrowableProxy()))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void contentIsWrittenDownWhereTheDeploymentAsksForIt() throws Exception {
        try (RunningFleet open =
                RunningFleet.start(
                        Sample.deploymentFile(),
                        folder.resolve("open"),
                        "weft.tracing.otlp-endpoint=" + collector.address(),
                        "weft.tracing.content=true")) {
            URI there = open.gateway().resolve("/v1/completions");
            HttpResponse<String> answer =
                    Http.post(
                            there,
                            """
                            {"model":"weft-tiny","prompt":"only this once","max_tokens":4}
                            """);
            String text = Http.json(answer).at("/choices/0/text").asString();
            RecordedSpan worker =
                    collector.await(span ->
                            span.service().equals("weft-worker")
                                    && "/v1/completions".equals(span.get("url.path")));
            assertThat(Http.JSON.readTree("" + worker.get("gen_ai.input.messages")))
                    .isEqualTo(
                            Http.JSON.readTree(
                                    """
                                    [{"role":"user","parts":[{"type":"text","content":"only this once"}]}]
                                    """));
            JsonNode output = Http.JSON.readTree("" + worker.get("gen_ai.output.messages"));
            assertThat(output.at("/0/parts/0/content").asString()).isEqualTo(text);
            assertThat(output.at("/0/role").asString()).isEqualTo("assistant");
        }
    }
}
