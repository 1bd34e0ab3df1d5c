package dev.weft.gateway.usage;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.CLIENT;
import static dev.weft.gateway.Gateways.await;
import static dev.weft.gateway.Gateways.chat;
import static dev.weft.gateway.Gateways.get;
import static dev.weft.gateway.Gateways.post;
import static dev.weft.gateway.Gateways.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayScrape;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.Audience;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.ServedVersion;
import dev.weft.protocol.feed.Share;
import dev.weft.protocol.usage.AnswerNotes;
import dev.weft.protocol.usage.TokenCount;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Counts and sums of tokens against what clients were told, over real HTTP. */
class AnswersCountedTest {
    private static final String DURATION = "gen_ai_server_request_duration_seconds_count";
    private static final String FIRST = "gen_ai_server_time_to_first_token_seconds_count";
    private static final String PER_TOKEN = "gen_ai_server_time_per_output_token_seconds_count";
    private static final String TOKENS = "gen_ai_client_token_usage_sum";
    private static final String ANSWERS_WITH_TOKENS = "gen_ai_client_token_usage_count";

    private FakeCatalog catalog;
    private FakeWorker worker;
    private GatewayService gateway;

    @BeforeEach
    void start() throws Exception {
        CatalogEntry sql = FakeCatalog.adapter("sql", 1);
        catalog =
                new FakeCatalog(
                        sql,
                        new CatalogEntry(
                                AdapterId.of("prod"),
                                List.of(new Share(sql.main().orElseThrow(), 1)),
                                Audience.NOBODY),
                        FakeCatalog.adapter("other", 3));
        worker = new FakeWorker(BASE, 0);
        gateway = Gateways.start(catalog.address(), Gateways.PATIENCE, worker.address());
        Gateways.awaitReady(gateway);
    }

    @AfterEach
    void stop() {
        gateway.close();
        worker.close();
        catalog.close();
    }

    @Test
    void whatIsKnownAtStartIsThereAtZero() throws Exception {
        GatewayScrape scrape = GatewayScrape.of(gateway);
        for (String name : List.of(DURATION, FIRST, PER_TOKEN, ANSWERS_WITH_TOKENS)) {
            for (String operation : List.of("chat", "text_completion")) {
                assertThat(
                                scrape.count(
                                        name,
                                        "weft_adapter",
                                        BASE,
                                        "gen_ai_operation_name",
                                        operation,
                                        "gen_ai_provider_name",
                                        "weft",
                                        "gen_ai_request_model",
                                        BASE,
                                        "gen_ai_response_model",
                                        BASE))
                        .isPositive();
            }
            assertThat(scrape.sum(name)).isZero();
        }
        assertThat(scrape.values("reason", "weft_gateway_refusals_total"))
                .containsExactlyInAnyOrder(
                        "no_key",
                        "access_unavailable",
                        "unknown_model",
                        "adapter_unavailable",
                        "bad_request",
                        "limited",
                        "overloaded",
                        "no_worker",
                        "timeout",
                        "internal");
        assertThat(scrape.values("reason", "weft_gateway_routing_decisions_total"))
                .containsExactlyInAnyOrder(
                        "only", "residency", "affinity", "prefix", "queue", "load", "kv", "tie");
        assertThat(scrape.values("reason", "weft_gateway_retries_total"))
                .containsExactlyInAnyOrder("refused", "broken", "declined", "failed", "hung");
        assertThat(scrape.values("reason", "weft_gateway_queue_seconds_count"))
                .containsExactlyInAnyOrder("key", "body", "adapter", "room", "retry");
        assertThat(scrape.values("state", "weft_gateway_workers"))
                .containsExactlyInAnyOrder("ready", "draining", "unready");
        assertThat(scrape.sum("weft_gateway_adapters_labelled")).isZero();
        assertThat(scrape.count("weft_gateway_adapters_sharing_other")).isEqualTo(1);
    }

    @Test
    void bucketsAreThoseOfTheConvention() throws Exception {
        GatewayScrape scrape = GatewayScrape.of(gateway);
        assertThat(bounds(scrape, "gen_ai_server_request_duration_seconds_bucket"))
                .containsExactly(
                        0.01,
                        0.02,
                        0.04,
                        0.08,
                        0.16,
                        0.32,
                        0.64,
                        1.28,
                        2.56,
                        5.12,
                        10.24,
                        20.48,
                        40.96,
                        81.92,
                        Double.POSITIVE_INFINITY);
        assertThat(bounds(scrape, "gen_ai_server_time_to_first_token_seconds_bucket"))
                .containsExactly(
                        0.001,
                        0.005,
                        0.01,
                        0.02,
                        0.04,
                        0.06,
                        0.08,
                        0.1,
                        0.25,
                        0.5,
                        0.75,
                        1.0,
                        2.5,
                        5.0,
                        7.5,
                        10.0,
                        Double.POSITIVE_INFINITY);
        assertThat(bounds(scrape, "gen_ai_server_time_per_output_token_seconds_bucket"))
                .containsExactly(
                        0.01,
                        0.025,
                        0.05,
                        0.075,
                        0.1,
                        0.15,
                        0.2,
                        0.3,
                        0.4,
                        0.5,
                        0.75,
                        1.0,
                        2.5,
                        Double.POSITIVE_INFINITY);
        assertThat(bounds(scrape, "gen_ai_client_token_usage_bucket"))
                .containsExactly(
                        1.0,
                        4.0,
                        16.0,
                        64.0,
                        256.0,
                        1024.0,
                        4096.0,
                        16384.0,
                        65536.0,
                        262144.0,
                        1048576.0,
                        4194304.0,
                        16777216.0,
                        67108864.0,
                        Double.POSITIVE_INFINITY);
    }

    @Test
    void wholeAnswersCountUnderTheAdaptersNameWhateverLedToIt() throws Exception {
        worker.answers(whole(11, 5));
        for (String model : List.of("sql", "prod", "sql@1", "sha256:" + "0".repeat(63) + "1")) {
            HttpResponse<String> answer = chat(gateway, body(model));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().map()).doesNotContainKeys("weft-usage", "weft-error");
        }
        send(post(gateway, "/v1/completions", body("sql")));
        chat(gateway, body(BASE));

        GatewayScrape scrape = scrapeOf(6);
        assertThat(scrape.sum(DURATION, "weft_adapter", "sql", "weft_outcome", "ok")).isEqualTo(5);
        assertThat(
                        scrape.sum(
                                DURATION,
                                "weft_adapter",
                                "sql",
                                "gen_ai_operation_name",
                                "text_completion",
                                "error_type",
                                ""))
                .isEqualTo(1);
        assertTokens(scrape, "sql", 5 * 11, 5 * 5);
        assertTokens(scrape, BASE, 11, 5);
        assertThat(scrape.sum(FIRST)).isZero();
        assertThat(scrape.sum("weft_gateway_adapters_labelled")).isEqualTo(1);
        assertThat(scrape.sum("weft_gateway_routing_decisions_total", "reason", "only"))
                .isEqualTo(6);
    }

    @Test
    void answersCountUnderTheVersionThatGaveThem() throws Exception {
        ServedVersion first = FakeCatalog.adapter("sql", 1).main().orElseThrow();
        ServedVersion second =
                new ServedVersion(
                        first.adapter(),
                        2,
                        new AdapterDigest("%064x".formatted(12)),
                        first.facts(),
                        first.root(),
                        first.created());
        catalog.publish(
                new CatalogEntry(
                        first.adapter(),
                        List.of(new Share(second, 1), new Share(first, 0)),
                        Audience.NOBODY));
        await(() -> chat(gateway, body("sql@2")).statusCode() == 200);
        worker.answers(FakeWorker.stream(Flux.just(note(7, 9) + "data: 1\n\n")));
        chat(gateway, body("sql@1"));
        chat(gateway, body("prod")); // leads to the first
        worker.answers(refusal(500, "internal_error"));
        chat(gateway, body("sql"));
        chat(gateway, body(BASE));

        await(() -> {
            GatewayScrape now = GatewayScrape.of(gateway);
            return now.sum(DURATION, "weft_adapter", BASE) == 1
                    && now.sum(DURATION, "weft_adapter", "sql") == 4;
        });
        GatewayScrape scrape = GatewayScrape.of(gateway);
        String requests = "weft_gateway_version_requests_total";
        assertThat(
                        scrape.sum(
                                requests,
                                "weft_adapter",
                                "sql",
                                "weft_version",
                                "1",
                                "weft_outcome",
                                "ok"))
                .isEqualTo(2);
        assertThat(scrape.sum(requests, "weft_version", "2", "weft_outcome", "ok")).isEqualTo(1);
        assertThat(scrape.sum(requests, "weft_version", "2", "weft_outcome", "failed"))
                .isEqualTo(1);
        assertThat(scrape.sum(requests)).isEqualTo(scrape.sum(DURATION, "weft_adapter", "sql"));
        assertThat(
                        scrape.sum(
                                "weft_gateway_version_time_to_first_token_seconds_count",
                                "weft_version",
                                "1"))
                .isEqualTo(2);
        assertThat(
                        scrape.sum(
                                "weft_gateway_version_time_per_output_token_seconds_count",
                                "weft_version",
                                "1"))
                .isEqualTo(2);
    }

    @Test
    void nothingIsCountedAndTheWorkerIsAskedForNoNotesWhereMetricsAreOff() throws Exception {
        gateway.close();
        gateway = Gateways.startUnmeasured(catalog.address(), worker.address());
        Gateways.awaitReady(gateway);
        worker.answers(FakeWorker.stream(Flux.just("data: 1\n\n", "data: [DONE]\n\n")));

        HttpResponse<String> answer = chat(gateway, body("sql"));

        assertThat(answer.body()).isEqualTo("data: 1\n\ndata: [DONE]\n\n");
        assertThat(worker.next().headers().contains("weft-tell")).isFalse();
        GatewayScrape scrape = GatewayScrape.of(gateway);
        assertThat(scrape.count(DURATION)).isZero();
        assertThat(scrape.count("weft_gateway_version_requests_total")).isZero();
        assertThat(scrape.sum("weft_gateway_routing_decisions_total")).isEqualTo(1);
    }

    @Test
    void streamsCountWhatTheirLastNoteSays() throws Exception {
        String events = "data: {\"a\":1}\n\n";
        worker.answers(
                FakeWorker.stream(
                        Flux.just(
                                note(7, 1) + events,
                                note(7, 4) + events + events,
                                note(7, 9) + events + "data: [DONE]\n\n")));

        HttpResponse<String> answer = chat(gateway, body("sql"));

        assertThat(answer.body()).isEqualTo(events.repeat(4) + "data: [DONE]\n\n");
        assertThat(worker.next().headers().get("weft-tell")).isEqualTo("usage");
        GatewayScrape scrape = scrapeOf(1);
        assertTokens(scrape, "sql", 7, 9);
        assertThat(scrape.sum(FIRST, "weft_adapter", "sql")).isEqualTo(1);
        assertThat(scrape.sum(PER_TOKEN, "weft_adapter", "sql")).isEqualTo(1);
    }

    @Test
    void aStreamThatIsCancelledCountsWhatItsClientHadBeenTold() throws Exception {
        worker.answers(
                FakeWorker.stream(
                        Flux.just(note(7, 1) + "data: 1\n\n", note(7, 3) + "data: 2\n\n")
                                .concatWith(Flux.never())));
        HttpResponse<InputStream> answer =
                CLIENT.send(
                        post(gateway, "/v1/chat/completions", body("sql")),
                        HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream in = answer.body()) {
            assertThat(new String(in.readNBytes(18), StandardCharsets.UTF_8))
                    .isEqualTo("data: 1\n\ndata: 2\n\n");
        }

        GatewayScrape scrape = scrapeOf(1);
        assertThat(
                        scrape.sum(
                                DURATION,
                                "weft_adapter",
                                "sql",
                                "weft_outcome",
                                "cancelled",
                                "error_type",
                                "cancelled"))
                .isEqualTo(1);
        assertTokens(scrape, "sql", 7, 3);
        assertThat(scrape.sum(FIRST)).isEqualTo(1);
        assertThat(scrape.sum(PER_TOKEN)).isZero();
    }

    @Test
    void aClientThatLeavesWithItsAnswerHasIt() throws Exception {
        worker.answers(
                FakeWorker.stream(
                        Flux.just(note(7, 1) + "data: 1\n\n", note(7, 3) + "data: [DONE]\n\n")
                                .concatWith(Flux.never())));
        HttpResponse<InputStream> answer =
                CLIENT.send(
                        post(gateway, "/v1/chat/completions", body("sql")),
                        HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream in = answer.body()) {
            assertThat(new String(in.readNBytes(23), StandardCharsets.UTF_8))
                    .isEqualTo("data: 1\n\ndata: [DONE]\n\n");
        }

        GatewayScrape scrape = scrapeOf(1);
        assertThat(scrape.sum(DURATION, "weft_adapter", "sql", "weft_outcome", "ok")).isEqualTo(1);
        assertThat(scrape.sum(DURATION, "weft_outcome", "cancelled")).isZero();
        assertTokens(scrape, "sql", 7, 3);
        assertThat(scrape.sum(PER_TOKEN)).isEqualTo(1);
    }

    @Test
    void aWorkerThatIsLostAfterTheLastEventHasAnswered() throws Exception {
        worker.answers(
                FakeWorker.cut(
                        "text/event-stream",
                        Flux.just(note(7, 4) + "data: 1\n\ndata: [DONE]\n\n")));

        assertThat(chat(gateway, body("sql")).body()).isEqualTo("data: 1\n\ndata: [DONE]\n\n");

        GatewayScrape scrape = scrapeOf(1);
        assertThat(scrape.sum(DURATION, "weft_adapter", "sql", "weft_outcome", "ok")).isEqualTo(1);
        assertTokens(scrape, "sql", 7, 4);
    }

    @Test
    void aStreamThatTheWorkerFailsIsBrokenAndCountsWhatWasTold() throws Exception {
        String error = "event: error\ndata: {\"error\":{}}\n\n";
        worker.answers(
                FakeWorker.stream(Flux.just(note(7, 2) + "data: 1\n\n", errorNote() + error)));
        assertThat(chat(gateway, body("sql")).body()).isEqualTo("data: 1\n\n" + error);

        worker.answers(FakeWorker.cut("text/event-stream", Flux.just(note(7, 4) + "data: 1\n\n")));
        chat(gateway, body("sql"));

        GatewayScrape scrape = scrapeOf(2);
        assertThat(scrape.sum(DURATION, "weft_outcome", "broken", "error_type", "worker_failed"))
                .isEqualTo(2);
        assertTokens(scrape, "sql", 14, 6);
        assertThat(scrape.sum(PER_TOKEN)).isZero();
    }

    @Test
    void errorsOfTheWorkerCountByTheirCodeAndToldNoTokens() throws Exception {
        worker.answers(refusal(400, "context_length_exceeded"));
        HttpResponse<String> answer = chat(gateway, body("sql"));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().map()).doesNotContainKey("weft-error");
        worker.answers(refusal(503, "adapter_loading"));
        chat(gateway, body("sql"));
        worker.answers(refusal(500, "made up by a worker"));
        chat(gateway, body("sql"));

        GatewayScrape scrape = scrapeOf(3);
        assertEnded(scrape, "sql", "refused", "context_length_exceeded");
        assertEnded(scrape, "sql", "unavailable", "adapter_loading");
        assertEnded(scrape, "sql", "failed", "_OTHER");
        assertThat(scrape.sum(ANSWERS_WITH_TOKENS)).isZero();
        assertThat(scrape.sum("weft_gateway_refusals_total")).isZero();
    }

    @Test
    void whatTheGatewayRefusesCountsByReason() throws Exception {
        chat(gateway, body("made-up"));
        chat(gateway, "{\"model\":");
        HttpRequest wrongMethod =
                HttpRequest.newBuilder(gateway.address().resolve("/v1/completions"))
                        .DELETE()
                        .build();
        assertThat(send(wrongMethod).statusCode()).isEqualTo(405);
        worker.ready(false);
        await(() -> get(gateway, "/actuator/health/readiness").statusCode() == 503);
        chat(gateway, body("sql"));

        GatewayScrape scrape = scrapeOf(4);
        assertEnded(scrape, "unknown", "refused", "model_not_found");
        assertEnded(scrape, "unknown", "refused", "invalid_request");
        assertEnded(scrape, "unknown", "refused", "method_not_allowed");
        assertEnded(scrape, "sql", "unavailable", "no_worker");
        assertThat(scrape.sum("weft_gateway_refusals_total", "reason", "unknown_model"))
                .isEqualTo(1);
        assertThat(scrape.sum("weft_gateway_refusals_total", "reason", "bad_request")).isEqualTo(2);
        assertThat(scrape.sum("weft_gateway_refusals_total", "reason", "no_worker")).isEqualTo(1);
        assertThat(scrape.values("weft_adapter", DURATION)).doesNotContain("made-up");
        assertThat(scrape.sum("weft_gateway_requests_in_flight")).isZero();
    }

    @Test
    void anAdapterThatIsDeletedLeavesItsCountsAndGetsNoNewOnes() throws Exception {
        worker.answers(whole(3, 2));
        chat(gateway, body("sql"));
        catalog.withdraw("prod");
        catalog.withdraw("sql");
        await(() -> chat(gateway, body("sql")).statusCode() == 404);

        GatewayScrape scrape = GatewayScrape.of(gateway);
        assertThat(scrape.sum(DURATION, "weft_outcome", "refused", "weft_adapter", "unknown"))
                .isPositive();
        assertThat(scrape.sum(DURATION, "weft_outcome", "refused", "weft_adapter", "sql")).isZero();
    }

    @Test
    void anAdapterThatIsCalledLikeASharedLabelIsNotTakenForIt() throws Exception {
        worker.answers(whole(3, 2));
        chat(gateway, body("other"));
        assertTokens(scrapeOf(1), "default/other", 3, 2);
    }

    /** When so many requests are over. */
    private GatewayScrape scrapeOf(int requests) throws Exception {
        await(() -> GatewayScrape.of(gateway).sum(DURATION) == requests);
        return GatewayScrape.of(gateway);
    }

    private static void assertEnded(
            GatewayScrape scrape, String adapter, String outcome, String errorType) {
        assertThat(
                        scrape.sum(
                                DURATION,
                                "weft_adapter",
                                adapter,
                                "weft_outcome",
                                outcome,
                                "error_type",
                                errorType))
                .isEqualTo(1);
    }

    private static void assertTokens(
            GatewayScrape scrape, String adapter, double input, double output) {
        assertThat(scrape.sum(TOKENS, "weft_adapter", adapter, "gen_ai_token_type", "input"))
                .isEqualTo(input);
        assertThat(scrape.sum(TOKENS, "weft_adapter", adapter, "gen_ai_token_type", "output"))
                .isEqualTo(output);
    }

    private static List<Double> bounds(GatewayScrape scrape, String name) {
        return scrape.values("le", name, "weft_adapter", BASE).stream()
                .map(bound -> Double.parseDouble(bound.replace("+Inf", "Infinity")))
                .distinct()
                .sorted()
                .toList();
    }

    private static FakeWorker.Answer whole(long input, long output) {
        return (_, response) ->
                response.status(200)
                        .header("Content-Type", "application/json")
                        .header(AnswerNotes.USAGE, new TokenCount(input, output).text())
                        .sendString(Mono.just("{\"ok\":true}"));
    }

    private static FakeWorker.Answer refusal(int status, String code) {
        return (_, response) ->
                response.status(status)
                        .header("Content-Type", "application/json")
                        .header(AnswerNotes.ERROR, code)
                        .sendString(Mono.just("{\"error\":{}}"));
    }

    private static String note(long input, long output) {
        return new String(
                AnswerNotes.usageLine(new TokenCount(input, output)), StandardCharsets.US_ASCII);
    }

    private static String errorNote() {
        return new String(
                AnswerNotes.errorLine(ErrorCode.WORKER_FAILED), StandardCharsets.US_ASCII);
    }

    private static String body(String model) {
        return "{\"model\":\"" + model + "\",\"stream\":true}";
    }
}
