package dev.weft.gateway.limit;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.await;
import static dev.weft.gateway.Gateways.error;
import static dev.weft.gateway.Gateways.json;
import static dev.weft.gateway.Gateways.post;
import static dev.weft.gateway.Gateways.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import dev.weft.protocol.usage.AnswerNotes;
import dev.weft.protocol.usage.TokenCount;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Keys with limits, over real HTTP. */
class LimitsTest {
    private static final String KEY = "a-key";

    private final AtomicReference<Instant> now = new AtomicReference<>(Gateways.STARTED);

    private FakeCatalog catalog;
    private FakeWorker worker;
    private GatewayService gateway;

    @BeforeEach
    void start() throws Exception {
        catalog = new FakeCatalog(FakeCatalog.adapter("sql-a", 1), FakeCatalog.adapter("json", 2));
        catalog.tokens.put(KEY, Optional.of("default"));
        worker = new FakeWorker(BASE, 0);
        InstantSource time = now::get;
        gateway =
                Gateways.startWithKeys(
                        catalog.address(), time.withZone(ZoneOffset.UTC), worker.address());
        Gateways.awaitReady(gateway);
    }

    @AfterEach
    void stop() {
        gateway.close();
        worker.close();
        catalog.close();
    }

    @Test
    void aKeyWithoutLimitsHasNoHeadersOfThem() throws Exception {
        HttpResponse<String> answer = ask("sql-a");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().map().keySet()).noneMatch(name -> name.contains("ratelimit"));
    }

    @Test
    void aModelThatNoPatternNamesDoesNotExist() throws Exception {
        limits("\"models\":[\"sql-*\"]");
        assertThat(ask("sql-a").statusCode()).isEqualTo(200);
        assertThat(ask("sql-a@1").statusCode()).isEqualTo(200);
        assertThat(ask(digest(1)).statusCode()).isEqualTo(200);
        for (String other : List.of("json", "json@1", digest(2), BASE, "nobody")) {
            HttpResponse<String> answer = ask(other);
            assertThat(answer.statusCode()).as(other).isEqualTo(404);
            assertThat(error(answer).get("code").asString()).isEqualTo("model_not_found");
            assertThat(error(answer).get("message").asString())
                    .isEqualTo(
                            "The model '%s' does not exist or you do not have access to it."
                                    .formatted(other));
        }
        assertThat(json(get("/v1/models").body()).get("data").valueStream())
                .extracting((JsonNode model) -> model.get("id").asString())
                .containsExactly("sql-a");
        assertThat(get("/v1/models/json").statusCode()).isEqualTo(404);
        assertThat(get("/v1/models/sql-a").statusCode()).isEqualTo(200);
    }

    @Test
    void aDigestThatTwoAdaptersHaveIsTheOneThatTheKeyMayAskFor() throws Exception {
        catalog.publish(FakeCatalog.adapter("twin", 1));
        await(() -> ask("twin").statusCode() == 200);
        catalog.change(KEY, ",\"limits\":{\"models\":[\"twin\"]}");
        await(() -> ask("sql-a").statusCode() == 404);
        assertThat(ask("twin").statusCode()).isEqualTo(200);
        HttpResponse<String> answer = ask(digest(1));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "weft-version")).isEqualTo("twin@1");
        assertThat(get("/v1/models/" + digest(1)).statusCode()).isEqualTo(200);
        assertThat(get("/v1/models/" + digest(2)).statusCode()).isEqualTo(404);
    }

    @Test
    void requestsOfAMinuteAreCountedDownAndThenRefused() throws Exception {
        limits("\"requestsPerMinute\":2");
        HttpResponse<String> first = ask("sql-a");
        assertThat(header(first, "x-ratelimit-limit-requests")).isEqualTo("2");
        assertThat(header(first, "x-ratelimit-remaining-requests")).isEqualTo("1");
        assertThat(header(first, "x-ratelimit-reset-requests")).isEqualTo("30s");
        assertThat(ask("sql-a").statusCode()).isEqualTo(200);

        HttpResponse<String> refused = ask("sql-a");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(error(refused).get("code").asString()).isEqualTo("rate_limit_exceeded");
        assertThat(error(refused).get("type").asString()).isEqualTo("requests");
        assertThat(header(refused, "x-ratelimit-remaining-requests")).isEqualTo("0");
        assertThat(Integer.parseInt(header(refused, "Retry-After"))).isBetween(1, 30);
        assertThat(refused.headers().firstValue("x-should-retry")).isEmpty();
        assertThat(
                        Gateways.context(gateway)
                                .getBean(MeterRegistry.class)
                                .get("weft.gateway.limited")
                                .tags("tenant", "default", "reason", "requests")
                                .counter()
                                .count())
                .isEqualTo(1);
    }

    /** Anthropic's clients read other names, and a moment for the time until then. */
    @Test
    void messagesTellWhatIsLeftAsTheirClientsReadIt() throws Exception {
        limits("\"requestsPerMinute\":2,\"tokensPerMinute\":90000");
        HttpResponse<String> answer =
                send(
                        HttpRequest.newBuilder(gateway.address().resolve("/v1/messages"))
                                .header("x-api-key", KEY)
                                .header("Content-Type", "application/json")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "{\"model\":\"sql-a\",\"max_tokens\":9,\"messages\":[]}"))
                                .build());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "anthropic-ratelimit-requests-limit")).isEqualTo("2");
        assertThat(header(answer, "anthropic-ratelimit-requests-remaining")).isEqualTo("1");
        assertThat(Instant.parse(header(answer, "anthropic-ratelimit-requests-reset")))
                .isBetween(now.get().plusSeconds(29), now.get().plusSeconds(31));
        assertThat(header(answer, "anthropic-ratelimit-tokens-limit")).isEqualTo("90000");
        assertThat(header(answer, "request-id")).isEqualTo(header(answer, "x-request-id"));
    }

    @Test
    void aRequestWithoutAKeyIsNamed() throws Exception {
        HttpResponse<String> answer = send(Gateways.post(gateway, "/v1/messages", "{}"));
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(json(answer.body()).get("request_id").asString())
                .isEqualTo(header(answer, "request-id"));
    }

    @Test
    void tokensAreTakenByEstimateAndSettledByWhatWasTold() throws Exception {
        limits("\"tokensPerMinute\":1000");
        tells(10, 5);
        HttpResponse<String> first = ask("sql-a", ",\"max_tokens\":900");
        assertThat(first.statusCode()).isEqualTo(200);
        long left = Long.parseLong(header(first, "x-ratelimit-remaining-tokens"));
        assertThat(left).isBetween(80L, 95L);
        // what was taken, and takes that part of a minute to grow back
        assertThat(header(first, "x-ratelimit-reset-tokens")).matches("5[456]s");
        // 15 of the 900 were used
        await(() -> remaining() > 900);

        HttpResponse<String> large = ask("sql-a", ",\"max_tokens\":400,\"n\":3");
        assertThat(large.statusCode()).isEqualTo(429);
        assertThat(error(large).get("message").asString()).contains("too large", "limit 1000");
        assertThat(error(large).get("type").asString()).isEqualTo("tokens");
        assertThat(header(large, "x-should-retry")).isEqualTo("false");
        assertThat(large.headers().firstValue("Retry-After")).isEmpty();

        tells(10, 5_000);
        assertThat(ask("sql-a", ",\"max_tokens\":10").statusCode()).isEqualTo(200);
        tells(1, 1); // for those that come before it is settled
        await(() -> ask("sql-a").statusCode() == 429);
        HttpResponse<String> refused = ask("sql-a");
        assertThat(error(refused).get("type").asString()).isEqualTo("tokens");
        assertThat(error(refused).get("code").asString()).isEqualTo("rate_limit_exceeded");
        assertThat(header(refused, "x-ratelimit-remaining-tokens")).isEqualTo("0");
        assertThat(Integer.parseInt(header(refused, "Retry-After"))).isBetween(60, 300);
    }

    @Test
    void whatFailsGivesItsTokensBack() throws Exception {
        limits("\"tokensPerMinute\":1000");
        worker.answers(FakeWorker.lastingly(400, "{}"));
        assertThat(ask("sql-a", ",\"max_tokens\":900").statusCode()).isEqualTo(400);
        await(() -> remaining() > 900);
    }

    /** The worker has computed the prompt, whoever waits for its answer. */
    @Test
    void whoGivesUpBeforeTheFirstEventHasUsedThePrompt() throws Exception {
        limits("\"tokensPerMinute\":30000");
        worker.answers((_, _) -> Mono.never());
        String prompt = ",\"max_tokens\":5000,\"prompt\":\"" + "x".repeat(90_000) + "\"";
        CompletableFuture<HttpResponse<String>> left =
                Gateways.CLIENT.sendAsync(
                        request("sql-a", prompt), HttpResponse.BodyHandlers.ofString());
        worker.next();
        left.cancel(true);
        worker.answers(FakeWorker.json(200, "{}"));
        // the 5,000 of the answer come back, and 22,500 of the prompt don't; 500 grow in a second
        await(() -> remaining() > 7_000);
        assertThat(remaining()).isLessThan(25_000);
    }

    @Test
    void whatNoWorkerWasAskedForCostsNothing() throws Exception {
        limits("\"tokensPerMinute\":1000");
        worker.ready(false);
        await(() -> Gateways.workersReady(gateway) == 0);
        String prompt = ",\"prompt\":\"" + "x".repeat(1_200) + "\"";
        assertThat(ask("sql-a", prompt).statusCode()).isEqualTo(503);
        worker.ready(true);
        await(() -> Gateways.workersReady(gateway) == 1);
        assertThat(remaining()).isGreaterThan(950);
    }

    @Test
    void streamsAreCountedAndGivenBackHoweverTheyEnd() throws Exception {
        limits("\"concurrentStreams\":1");
        worker.answers(FakeWorker.stream(Flux.concat(Mono.just("data: 1\n\n"), Flux.never())));
        HttpResponse<InputStream> running = stream();
        assertThat(running.statusCode()).isEqualTo(200);
        assertThat(running.body().read()).isEqualTo('d');
        HttpResponse<InputStream> second = stream();
        assertThat(second.statusCode()).isEqualTo(429);
        assertThat(new String(second.body().readAllBytes(), StandardCharsets.UTF_8))
                .contains("concurrent streams: limit 1");

        running.body().close(); // the client leaves
        worker.answers(FakeWorker.cut("text/event-stream", Flux.just("data: 1\n\n")));
        await(() -> stream().statusCode() == 200);
        worker.answers(FakeWorker.stream(Flux.just("data: 1\n\n", "data: [DONE]\n\n")));
        await(() -> stream().statusCode() == 200);
        worker.answers(FakeWorker.lastingly(400, "{}"));
        await(() -> stream().statusCode() == 400);
        await(() -> stream().statusCode() == 400);
    }

    @Test
    void aSpentBudgetIsRefusedAndAnotherMonthBegins() throws Exception {
        account("\"budgetTokens\":100", "{\"month\":\"2026-11-01\",\"tokens\":85,\"nanos\":0}");
        tells(10, 5);
        assertThat(ask("sql-a").statusCode()).isEqualTo(200);
        // the catalog said 85, this gateway counted 15
        await(() -> ask("sql-a").statusCode() == 429);
        HttpResponse<String> refused = ask("sql-a");
        assertThat(error(refused).get("code").asString()).isEqualTo("insufficient_quota");
        assertThat(error(refused).get("type").asString()).isEqualTo("insufficient_quota");
        assertThat(header(refused, "x-should-retry")).isEqualTo("false");
        assertThat(refused.headers().firstValue("Retry-After")).isEmpty();
        now.set(Instant.parse("2026-12-01T00:00:00Z"));
        await(() -> ask("sql-a").statusCode() == 200);
    }

    @Test
    void aBudgetOfMoneyIsSpentByPrices() throws Exception {
        try (GatewayService priced =
                GatewayService.start(
                        Gateways.options(
                                catalog.address(),
                                worker.address(),
                                "weft.access.keys=true",
                                "weft.gateway.usage.prices=sql-*=1/2"))) {
            Gateways.awaitReady(priced);
            // 10 tokens of a prompt and 5 of an answer cost 20,000 nanos
            account(
                    "\"budgetNanos\":100000",
                    "{\"month\":\"2026-11-01\",\"tokens\":0,\"nanos\":85000}");
            tells(10, 5);
            HttpRequest free = to(priced, "json", "");
            HttpRequest paid = to(priced, "sql-a", "");
            assertThat(send(free).statusCode()).isEqualTo(200); // no price fits it
            assertThat(send(paid).statusCode()).isEqualTo(200);
            await(() -> send(paid).statusCode() == 429);
            HttpResponse<String> refused = send(free);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(error(refused).get("code").asString()).isEqualTo("insufficient_quota");
        }
    }

    /** To the moment, though the gateway goes on believing what the catalog said. */
    @Test
    void aKeyEndsByItself() throws Exception {
        catalog.ends.put(KEY, Gateways.STARTED.plusSeconds(3));
        assertThat(ask("sql-a").statusCode()).isEqualTo(200);
        now.set(Gateways.STARTED.plusMillis(2_999));
        assertThat(ask("sql-a").statusCode()).isEqualTo(200);
        int questions = catalog.questions.get();
        now.set(Gateways.STARTED.plusSeconds(3));
        assertThat(ask("sql-a").statusCode()).isEqualTo(401);
        assertThat(catalog.questions).hasValue(questions);
    }

    /** Time stands still: a gateway that is not told of a change believes what it knows. */
    @Test
    void changedLimitsCountAtOnce() throws Exception {
        limits("\"requestsPerMinute\":1000");
        assertThat(header(ask("sql-a"), "x-ratelimit-limit-requests")).isEqualTo("1000");
        catalog.change(KEY, ",\"limits\":{\"requestsPerMinute\":10,\"models\":[\"json\"]}");
        await(() -> ask("sql-a").statusCode() == 404);
        assertThat(header(ask("json"), "x-ratelimit-limit-requests")).isEqualTo("10");
        catalog.change(KEY, "");
        await(() -> ask("json").headers().firstValue("x-ratelimit-limit-requests").isEmpty());
        catalog.revoke(KEY);
        await(() -> ask("json").statusCode() == 401);
    }

    private void limits(String limits) {
        catalog.accounts.put(KEY, ",\"limits\":{" + limits + "}");
    }

    private void account(String limits, String spent) {
        catalog.accounts.put(KEY, ",\"limits\":{" + limits + "},\"spent\":" + spent);
    }

    /** What is left of the minute's tokens, after a request for next to none. */
    private long remaining() throws Exception {
        return Long.parseLong(header(ask("json"), "x-ratelimit-remaining-tokens"));
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("none");
    }

    private static String digest(long number) {
        return "sha256:%064x".formatted(number);
    }

    private HttpResponse<String> ask(String model) throws Exception {
        return ask(model, "");
    }

    private HttpResponse<String> ask(String model, String more) throws Exception {
        return send(request(model, more));
    }

    private HttpResponse<InputStream> stream() throws Exception {
        return Gateways.CLIENT.send(
                request("sql-a", ",\"stream\":true"), HttpResponse.BodyHandlers.ofInputStream());
    }

    private HttpRequest request(String model, String more) {
        return to(gateway, model, more);
    }

    private static HttpRequest to(GatewayService gateway, String model, String more) {
        return HttpRequest.newBuilder(
                        post(
                                gateway,
                                "/v1/chat/completions",
                                "{\"model\":\"" + model + "\"" + more + "}"),
                        (_, _) -> true)
                .header("Authorization", "Bearer " + KEY)
                .build();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(
                HttpRequest.newBuilder(gateway.address().resolve(path))
                        .header("Authorization", "Bearer " + KEY)
                        .build());
    }

    private void tells(long input, long output) {
        worker.answers((request, response) ->
                FakeWorker.json(200, "{}")
                        .apply(
                                request,
                                response.header(
                                        AnswerNotes.USAGE, new TokenCount(input, output).text())));
    }
}
