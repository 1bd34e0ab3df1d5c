package dev.weft.gateway.usage;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.await;
import static dev.weft.gateway.Gateways.chat;
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
import dev.weft.protocol.usage.AnswerNotes;
import dev.weft.protocol.usage.Payer;
import dev.weft.protocol.usage.TokenCount;
import dev.weft.protocol.usage.UsageBatch;
import dev.weft.protocol.usage.UsageCounts;
import dev.weft.protocol.usage.UsageSubject;
import dev.weft.protocol.usage.Used;
import dev.weft.service.DataFolder;
import dev.weft.service.ServiceToken;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a gateway tells the catalog that was used, over real HTTP. */
class UsageTest {
    private static final LocalDate DAY = LocalDate.ofInstant(Gateways.STARTED, ZoneOffset.UTC);
    private static final Payer NOBODY = new Payer(0, "anonymous", "default");
    private static final Used SQL =
            new Used(
                    BASE,
                    new Used.Version(
                            AdapterId.of("sql"), 1, new AdapterDigest("%064x".formatted(1))));

    @TempDir private Path data;

    private FakeCatalog catalog;
    private FakeWorker worker;
    private GatewayService gateway;

    @BeforeEach
    void start() throws Exception {
        catalog = new FakeCatalog(FakeCatalog.adapter("sql", 1));
        worker = new FakeWorker(BASE, 0);
        gateway = begin();
        Gateways.awaitReady(gateway);
    }

    private GatewayService begin() {
        return begin("sql=2/8,*=0.5/1");
    }

    private GatewayService begin(String prices) {
        return begin(prices, data);
    }

    private GatewayService begin(String prices, Path folder) {
        return GatewayService.start(
                Gateways.options(
                                catalog.address(),
                                worker.address(),
                                "weft.gateway.usage.prices=" + prices)
                        .with(DataFolder.class, new DataFolder(folder))
                        .with(ServiceToken.class, new ServiceToken("ours")));
    }

    @AfterEach
    void stop() {
        gateway.close();
        worker.close();
        catalog.close();
    }

    @Test
    void answersStreamsErrorsAndTheBaseCountApart() throws Exception {
        tells(7, 3);
        assertThat(chat(gateway, body("sql")).statusCode()).isEqualTo(200);
        assertThat(chat(gateway, body("sql")).statusCode()).isEqualTo(200);
        worker.answers(
                FakeWorker.stream(
                        Flux.just(
                                note(5, 1) + "data: 1\n\n",
                                ": weft-usage 5 4 1 3\ndata: [DONE]\n\n")));
        assertThat(chat(gateway, body(BASE)).statusCode()).isEqualTo(200);
        worker.answers(FakeWorker.lastingly(400, "{}"));
        assertThat(chat(gateway, body("sql")).statusCode()).isEqualTo(400);
        assertThat(chat(gateway, body("nobody")).statusCode()).isEqualTo(404);

        awaitCounts(SQL, new UsageCounts(3, 1, 14, 0, 6, 14 * 2_000 + 6 * 8_000));
        awaitCounts(new Used(BASE, null), new UsageCounts(1, 0, 5, 3, 4, 5 * 500 + 4 * 1_000));
        assertThat(catalog.batches)
                .flatExtracting(UsageBatch::lines)
                .extracting(UsageBatch.Line::subject)
                .containsOnly(
                        new UsageSubject(DAY, NOBODY, SQL),
                        new UsageSubject(DAY, NOBODY, new Used(BASE, null)));
    }

    @Test
    void whatTheWorkerHadComputedBeforeIsCountedAndNotShown() throws Exception {
        worker.answers((request, response) ->
                FakeWorker.json(200, "{}")
                        .apply(
                                request,
                                response.header(AnswerNotes.USAGE, "9 2")
                                        .header(AnswerNotes.CACHED, "8")));
        assertThat(chat(gateway, body("sql")).headers().map())
                .doesNotContainKeys(AnswerNotes.USAGE, AnswerNotes.CACHED);
        awaitCounts(SQL, new UsageCounts(1, 0, 9, 8, 2, 9 * 2_000 + 2 * 8_000));
    }

    @Test
    void aStreamThatIsLeftCountsWhatItsClientWasTold() throws Exception {
        leaveOnceTold(note(7, 2));
        awaitCounts(SQL, new UsageCounts(1, 0, 7, 0, 2, 7 * 2_000 + 2 * 8_000));
    }

    /** Some servers tell their tokens at the end only. */
    @Test
    void aStreamThatIsLeftBeforeItsPromptWasToldCountsThatByEstimate() throws Exception {
        leaveOnceTold(note(0, 2));
        long prompt = (long) body("sql").length() / 4;
        awaitCounts(SQL, new UsageCounts(1, 0, prompt, 0, 2, prompt * 2_000 + 2 * 8_000));
    }

    /** The worker has computed it, however the answer was to come. */
    @Test
    void whoLeavesBeforeAnythingIsToldHasUsedThePromptByEstimate() throws Exception {
        worker.answers((_, _) -> Mono.never());
        String prompt = "\"prompt\":\"" + "x".repeat(4_000) + "\"";
        String whole = "{\"model\":\"sql\"," + prompt + "}";
        String streamed = "{\"model\":\"sql\",\"stream\":true," + prompt + "}";
        for (String body : List.of(whole, streamed)) {
            CompletableFuture<HttpResponse<String>> left =
                    Gateways.CLIENT.sendAsync(
                            post(gateway, "/v1/chat/completions", body),
                            HttpResponse.BodyHandlers.ofString());
            worker.next();
            left.cancel(true);
        }
        long tokens = (long) whole.length() / 4 + (long) streamed.length() / 4;
        awaitCounts(SQL, new UsageCounts(2, 0, tokens, 0, 0, tokens * 2_000));
    }

    @Test
    void anAdapterHasThePriceOfItsBase() throws Exception {
        gateway.close();
        gateway = begin("other:sql=100/100," + BASE + ":sql=3/9,*=0.5/1");
        Gateways.awaitReady(gateway);
        tells(7, 3);
        chat(gateway, body("sql"));
        chat(gateway, body(BASE));
        awaitCounts(SQL, new UsageCounts(1, 0, 7, 0, 3, 7 * 3_000 + 3 * 9_000));
        awaitCounts(new Used(BASE, null), new UsageCounts(1, 0, 7, 0, 3, 7 * 500 + 3 * 1_000));
    }

    @Test
    void whatWeftAsksItselfDoesNotCountAndNobodyElseCanHaveThat() throws Exception {
        tells(7, 3);
        assertThat(uncounted("ours").statusCode()).isEqualTo(200);
        assertThat(worker.next().headers().contains("weft-uncounted")).isFalse();
        assertThat(uncounted("wrong").statusCode()).isEqualTo(200);
        awaitCounts(SQL, new UsageCounts(1, 0, 7, 0, 3, 7 * 2_000 + 3 * 8_000));
        assertThat(GatewayScrape.of(gateway).sum("gen_ai_server_request_duration_seconds_count"))
                .isEqualTo(1);
        assertThat(GatewayScrape.of(gateway).sum("weft_gateway_requests_in_flight")).isZero();
    }

    @Test
    void theKeyAndItsTenantPay() throws Exception {
        gateway.close();
        catalog.tokens.put("a-key", Optional.of("acme"));
        gateway = Gateways.startWithKeys(catalog.address(), Clock.systemUTC(), worker.address());
        Gateways.awaitReady(gateway);
        HttpRequest request =
                HttpRequest.newBuilder(
                                post(gateway, "/v1/chat/completions", body(BASE)), (_, _) -> true)
                        .header("Authorization", "Bearer a-key")
                        .build();
        assertThat(send(request).statusCode()).isEqualTo(200);
        await(() ->
                catalog.batches.stream()
                        .flatMap(batch -> batch.lines().stream())
                        .anyMatch(line ->
                                line.subject()
                                        .payer()
                                        .equals(
                                                new Payer(
                                                        FakeCatalog.key("a-key"),
                                                        "somebody",
                                                        "acme"))));
    }

    @Test
    void whatTheCatalogDoesNotTakeIsSentAgainUnchangedAndNothingCountsTwice() throws Exception {
        tells(7, 3);
        catalog.usageStatus = 503;
        chat(gateway, body("sql"));
        await(() -> catalog.offered.size() >= 2);
        UsageBatch first = catalog.offered.getFirst();
        chat(gateway, body("sql"));
        await(() -> journal().lines().count() == 2);
        catalog.answersAreLost = true;
        catalog.usageStatus = 204;
        await(() -> catalog.batches.size() == 1 && catalog.offered.size() >= 4);
        catalog.answersAreLost = false;
        awaitCounts(SQL, new UsageCounts(2, 0, 14, 0, 6, 14 * 2_000 + 6 * 8_000));
        assertThat(catalog.batches).first().isEqualTo(first);
        assertThat(catalog.offered)
                .filteredOn(batch -> batch.number() == 1)
                .allMatch(Predicate.isEqual(first));
        await(() -> journal().isEmpty());
    }

    @Test
    void theNextGatewayInTheFolderHandsOverWhatTheCatalogDidNotTake() throws Exception {
        tells(7, 3);
        catalog.usageStatus = 503;
        chat(gateway, body("sql"));
        await(() -> !catalog.offered.isEmpty());
        chat(gateway, body("sql"));
        gateway.close();
        assertThat(journal()).isNotEmpty();
        assertThat(catalog.batches).isEmpty();

        catalog.usageStatus = 204;
        gateway = begin();
        awaitCounts(SQL, new UsageCounts(2, 0, 14, 0, 6, 14 * 2_000 + 6 * 8_000));
        await(() -> journal().isEmpty());
    }

    @Test
    void whatAStreamHasUsedSoFarOutlivesAGatewayThatIsKilled(@TempDir Path killed)
            throws Exception {
        catalog.usageStatus = 503;
        try (InputStream answer = beginning(note(7, 2))) {
            await(() -> journal().contains("\"completionTokens\":2"));
            Files.copy(data.resolve("usage.jsonl"), killed.resolve("usage.jsonl"));
            assertThat(catalog.offered).isEmpty();
            assertThat(answer.read()).isEqualTo('a');
        }
        gateway.close();
        catalog.usageStatus = 204;
        gateway = begin("*=0/0", killed);
        awaitCounts(SQL, new UsageCounts(1, 0, 7, 0, 2, 7 * 2_000 + 2 * 8_000));
    }

    @Test
    void aBatchThatTheCatalogCantReadHoldsUpNoOther() throws Exception {
        tells(7, 3);
        catalog.usageStatus = 400;
        chat(gateway, body("sql"));
        await(() -> !catalog.offered.isEmpty());
        catalog.usageStatus = 204;
        chat(gateway, body(BASE));
        awaitCounts(new Used(BASE, null), new UsageCounts(1, 0, 7, 0, 3, 7 * 500 + 3 * 1_000));
        assertThat(
                        GatewayScrape.of(gateway)
                                .sum("weft_gateway_usage_batches_total", "outcome", "refused"))
                .isEqualTo(1);
    }

    @Test
    void aGatewayThatEndsHandsOverItsLastCounts() throws Exception {
        tells(7, 3);
        chat(gateway, body(BASE)); // its report is the first, which takes longer
        await(() -> counts(new Used(BASE, null)).requests() == 1);
        chat(gateway, body("sql"));
        gateway.close();
        assertThat(counts(SQL)).isEqualTo(new UsageCounts(1, 0, 7, 0, 3, 7 * 2_000 + 3 * 8_000));
        assertThat(journal()).isEmpty();
    }

    private HttpResponse<String> uncounted(String token) throws Exception {
        return send(
                HttpRequest.newBuilder(
                                post(gateway, "/v1/chat/completions", body("sql")), (_, _) -> true)
                        .header("weft-uncounted", token)
                        .build());
    }

    private String journal() throws Exception {
        Path file = data.resolve("usage.jsonl");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    /** Reads the beginning of a stream that goes on for ever, and leaves. */
    private void leaveOnceTold(String note) throws Exception {
        beginning(note).close();
    }

    private InputStream beginning(String note) throws Exception {
        worker.answers(
                FakeWorker.stream(Flux.concat(Mono.just(note + "data: 1\n\n"), Flux.never())));
        HttpResponse<InputStream> answer =
                Gateways.CLIENT.send(
                        post(gateway, "/v1/chat/completions", body("sql")),
                        HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.body().read()).isEqualTo('d');
        return answer.body();
    }

    private void awaitCounts(Used used, UsageCounts expected) throws Exception {
        await(() -> counts(used).requests() >= expected.requests());
        assertThat(counts(used)).isEqualTo(expected);
    }

    private UsageCounts counts(Used used) {
        return catalog.batches.stream()
                .flatMap(batch -> batch.lines().stream())
                .filter(line -> line.subject().used().equals(used))
                .map(UsageBatch.Line::counts)
                .reduce(UsageCounts.NONE, UsageCounts::plus);
    }

    private void tells(long input, long output) {
        worker.answers((request, response) ->
                FakeWorker.json(200, "{}")
                        .apply(
                                request,
                                response.header(
                                        AnswerNotes.USAGE, new TokenCount(input, output).text())));
    }

    private static String note(long input, long output) {
        return new String(
                AnswerNotes.usageLine(new TokenCount(input, output)), StandardCharsets.UTF_8);
    }

    private static String body(String model) {
        return "{\"model\":\"" + model + "\"}";
    }
}
