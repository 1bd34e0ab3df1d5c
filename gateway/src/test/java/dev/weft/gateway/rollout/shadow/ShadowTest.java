package dev.weft.gateway.rollout.shadow;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.await;
import static dev.weft.gateway.Gateways.chat;
import static dev.weft.gateway.Gateways.post;
import static dev.weft.gateway.Gateways.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.Audience;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.ServedVersion;
import dev.weft.protocol.feed.Share;
import dev.weft.protocol.measure.Measured;
import dev.weft.protocol.rollout.MeasureReport;
import dev.weft.protocol.shadow.CopyOutcome;
import dev.weft.protocol.shadow.ShadowFigures;
import dev.weft.protocol.shadow.ShadowOrder;
import dev.weft.protocol.usage.UsageBatch;
import dev.weft.protocol.worker.WorkerLoad;
import dev.weft.protocol.worker.WorkerState;
import dev.weft.service.ServiceStart;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Copies of requests for a candidate, over real HTTP. */
class ShadowTest {
    private static final AdapterId PROD = AdapterId.of("prod");
    private static final ServedVersion OLD = FakeCatalog.version(1);
    private static final ServedVersion NEW = FakeCatalog.version(2);
    private static final String CHAT = "/v1/chat/completions";
    private static final String PLAIN = "{\"model\":\"prod\",\"temperature\":0,\"max_tokens\":8}";
    private static final String STREAM = "{\"model\":\"prod\",\"stream\":true}";
    private static final FakeWorker.Answer OF_OLD = counted("the cat sat");
    private static final FakeWorker.Answer OF_NEW = counted("the cow sat");

    private final ScheduledExecutorService telling = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger copiesNow = new AtomicInteger();
    private final AtomicInteger mostCopies = new AtomicInteger();
    private FakeCatalog catalog;
    private FakeWorker worker;
    private GatewayService gateway;
    private volatile int rows = 8;

    @BeforeEach
    void start() throws Exception {
        catalog =
                new FakeCatalog(
                        entry(AdapterId.of("sql"), new Share(NEW, 1), new Share(OLD, 0)),
                        entry(PROD, new Share(OLD, 1)));
        worker = new FakeWorker(BASE, 0);
        var _ = telling.scheduleAtFixedRate(this::tell, 0, 200, TimeUnit.MILLISECONDS);
        gateway = GatewayService.start(options());
        Gateways.awaitReady(gateway);
        answers(OF_OLD, OF_NEW);
    }

    private ServiceStart options() {
        return Gateways.options(
                catalog.address(), worker.address(), "weft.gateway.queue.worker-backlog=0");
    }

    private void tell() {
        worker.tells(
                new WorkerState(false, 4, Map.of(), new WorkerLoad(rows, 0, Map.of(), 0, 0, 0)));
    }

    @AfterEach
    void stop() {
        telling.shutdownNow();
        gateway.close();
        worker.close();
        catalog.close();
    }

    @Test
    void copiesGoToTheCandidateAndTheirAnswersToNobody() throws Exception {
        order(2, 100_000);
        for (int i = 0; i < 5; i++) {
            HttpResponse<String> answer = chat(gateway, PLAIN);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("the cat sat").doesNotContain("cow");
            assertThat(answer.headers().firstValue("weft-version")).contains("sql@1");
            awaitCopies(i + 1);
        }
        List<FakeWorker.Received> copies = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            FakeWorker.Received got = worker.next();
            if (isCopy(got.headers().get("weft-adapter"))) {
                copies.add(got);
            }
        }
        assertThat(copies)
                .hasSize(5)
                .allSatisfy(copy -> {
                    assertThat(copy.body()).isEqualTo(PLAIN);
                    assertThat(copy.path()).isEqualTo(CHAT);
                    assertThat(copy.headers().get("weft-tenant")).isEqualTo("default");
                    assertThat(copy.headers().get("weft-tell")).isEqualTo("usage");
                });
        ShadowFigures figures = figures();
        assertThat(figures.count(CopyOutcome.answered)).isEqualTo(5);
        assertThat(figures.served().requests()).isEqualTo(5);
        assertThat(figures.candidate().requests()).isEqualTo(5);
        assertThat(figures.candidate().failures()).isZero();
        assertThat(figures.likeness().pairs()).isEqualTo(5);
        assertThat(figures.likeness().candidate()).isEqualTo(15);
        assertThat(figures.likeness().sameFinish()).isEqualTo(5);
        assertThat(figures.likeness().greedy()).isEqualTo(5);
        assertThat(figures.likeness().sameText()).isZero();
        assertThat(figures.likeness().prefix()).isBetween(2.2, 2.3); // "the c" of "the cat sat"
        // a copy's tokens are the shadow's, and nobody else's
        assertThat(figures.tokens()).isEqualTo(5 * 10);
        await(() -> requestsBilled() == 5);
        assertThat(tokensBilled()).isEqualTo(5 * 10);
    }

    /** A worker without the path would answer that there is none: not the candidate's fault. */
    @Test
    void copiesGoToWorkersThatServeTheirPath() throws Exception {
        gateway.close();
        try (FakeWorker other = new FakeWorker(BASE, 0)) {
            other.answers(FakeWorker.json(404, "{}"));
            var embeds =
                    new WorkerState(
                            false,
                            4,
                            Map.of(),
                            Set.of("/v1/embeddings"),
                            new WorkerLoad(8, 0, Map.of(), 0, 0, 0));
            var _ =
                    telling.scheduleAtFixedRate(
                            () -> other.tells(embeds), 0, 200, TimeUnit.MILLISECONDS);
            gateway =
                    Gateways.start(
                            catalog.address(),
                            List.of(worker.address(), other.address()),
                            "weft.gateway.queue.worker-backlog=0");
            await(() -> Gateways.workersReady(gateway) == 2);
            order(2, 100_000);
            for (int i = 0; i < 10; i++) {
                assertThat(chat(gateway, PLAIN).statusCode()).isEqualTo(200);
                awaitCopies(i + 1);
            }
            assertThat(figures().candidate().failures()).isZero();
            assertThat(other.gotNothing()).isTrue();
            gateway.close();
        }
    }

    @Test
    void streamsAreTimedAndComparedToo() throws Exception {
        answers(streamed("a", "b"), streamed("a", "b"));
        order(2, 100_000);
        String body = STREAM.replace("}", ",\"temperature\":0}");
        HttpResponse<String> answer = chat(gateway, body);
        assertThat(answer.body()).contains("data: [DONE]").doesNotContain("weft-usage");
        awaitCopies(1);
        ShadowFigures figures = figures();
        assertThat(figures.served().firstToken().total()).isEqualTo(1);
        assertThat(figures.candidate().firstToken().total()).isEqualTo(1);
        assertThat(figures.candidate().perToken().total()).isEqualTo(1);
        assertThat(figures.likeness().sameText()).isEqualTo(1);
        assertThat(figures.likeness().prefix()).isEqualTo(1);
        assertThat(figures.tokens()).isEqualTo(9);
    }

    @Test
    void aCandidateThatFailsIsFoundOutAndNoClientIs() throws Exception {
        order(2, 100_000);
        FakeWorker.Answer[] bad = {
            FakeWorker.lastingly(500, "{}"),
            FakeWorker.json(400, "{}"),
            FakeWorker.cut("application/json", Flux.just("{\"cho")),
            FakeWorker.stream(Flux.just(": weft-error internal_error\ndata: {}\n\n"))
        };
        for (int i = 0; i < bad.length; i++) {
            answers(OF_OLD, bad[i]);
            assertThat(chat(gateway, PLAIN).statusCode()).isEqualTo(200);
            awaitCopies(i + 1);
        }
        assertThat(figures().count(CopyOutcome.failed)).isEqualTo(bad.length);
        assertThat(figures().candidate().failures()).isEqualTo(bad.length);
        assertThat(figures().served().failures()).isZero();
        // the worker is not taken for one that fails
        assertThat(Gateways.workersReady(gateway)).isEqualTo(1);
        assertThat(chat(gateway, PLAIN).statusCode()).isEqualTo(200);
    }

    /** A served request goes elsewhere then, or is left out: its version has no such failures. */
    @Test
    void whatIsNoFailureOfTheServedVersionIsNoneOfTheCandidate() throws Exception {
        order(2, 100_000);
        FakeWorker.Answer[] chance = {
            FakeWorker.hangUp(),
            FakeWorker.lastingly(502, "{}"),
            FakeWorker.stream(Flux.just(": weft-error constraint_failed\ndata: {}\n\n"))
        };
        for (int i = 0; i < chance.length; i++) {
            answers(OF_OLD, chance[i]);
            assertThat(chat(gateway, PLAIN).statusCode()).isEqualTo(200);
            awaitCopies(i + 1);
        }
        assertThat(figures().count(CopyOutcome.busy)).isEqualTo(2);
        assertThat(figures().count(CopyOutcome.leftOut)).isEqualTo(1);
        assertThat(figures().candidate()).isEqualTo(Measured.NONE);
    }

    @Test
    void aCandidateThatHangsHoldsNobodyUpAndNoMoreThanItsPlaces() throws Exception {
        answers(OF_OLD, (_, _) -> Mono.never());
        order(2, 100_000);
        for (int i = 0; i < 12; i++) {
            assertThat(chat(gateway, PLAIN).statusCode()).isEqualTo(200);
        }
        await(() -> figures().count(CopyOutcome.busy) == 10);
        await(() -> copiesNow.get() == 2);
        gateway.close(); // which they don't hold up either
        await(() -> copiesNow.get() == 0);
        assertThat(mostCopies).hasValueLessThanOrEqualTo(2);
    }

    @Test
    void aCandidateThatHangsHasFailedWhenItsTimeIsOver() throws Exception {
        gateway.close();
        gateway =
                GatewayService.start(
                        options().with(CopyTime.class, new CopyTime(Duration.ofSeconds(3))));
        Gateways.awaitReady(gateway);
        answers(
                streamed("a"),
                FakeWorker.stream(
                        Flux.concat(Mono.just(": weft-usage 5 1\ndata: 1\n\n"), Flux.never())));
        order(2, 100_000);
        assertThat(chat(gateway, STREAM).statusCode()).isEqualTo(200);
        awaitCopies(1);
        assertThat(figures().count(CopyOutcome.cut)).isEqualTo(1);
        assertThat(figures().candidate().failures()).isEqualTo(1);
        assertThat(figures().served().failures()).isZero();
        assertThat(figures().tokens()).isEqualTo(6);
    }

    /** Both go beyond the copy's time, and the served one ends well behind it. */
    @Test
    void aCandidateAsSlowAsTheServedVersionHasNotFailed() throws Exception {
        gateway.close();
        gateway =
                GatewayService.start(
                        options().with(CopyTime.class, new CopyTime(Duration.ofSeconds(1))));
        Gateways.awaitReady(gateway);
        answers(
                FakeWorker.stream(
                        Flux.concat(
                                Mono.just("data: 1\n\n"),
                                Mono.just("data: [DONE]\n\n").delayElement(Duration.ofSeconds(2)))),
                FakeWorker.stream(Flux.concat(Mono.just("data: 1\n\n"), Flux.never())));
        order(2, 100_000);
        assertThat(chat(gateway, STREAM).statusCode()).isEqualTo(200);
        awaitCopies(1);
        assertThat(figures().count(CopyOutcome.cut)).isEqualTo(1);
        assertThat(figures().candidate()).isEqualTo(Measured.NONE);
    }

    @Test
    void aCandidateThatNeverEndsIsCutWhenItsTokensAreUsed() throws Exception {
        answers(
                streamed("a"),
                FakeWorker.stream(
                        Flux.interval(Duration.ofMillis(2))
                                .onBackpressureDrop()
                                .index((n, _) -> n) // none is left out, however slow its reader is
                                .map(n -> ": weft-usage 5 %d\ndata: {}\n\n".formatted(10 * n))));
        order(2, 1_000);
        assertThat(chat(gateway, STREAM).statusCode()).isEqualTo(200);
        awaitCopies(1);
        assertThat(figures().count(CopyOutcome.cut)).isEqualTo(1);
        assertThat(figures().tokens()).isBetween(500L, 1_010L);
        await(() -> copiesNow.get() == 0);
        for (int i = 0; i < 3; i++) {
            assertThat(chat(gateway, STREAM).statusCode()).isEqualTo(200);
        }
        awaitCopies(4);
        assertThat(figures().tokens()).isLessThanOrEqualTo(1_010);
        assertThat(figures().count(CopyOutcome.noTokens)).isPositive();
    }

    @Test
    void aCandidateThatFloodsIsCut() throws Exception {
        String much = "x".repeat(64 * 1024);
        answers(OF_OLD, FakeWorker.stream(Flux.range(0, 1_000).map(_ -> much)));
        order(2, 100_000);
        assertThat(chat(gateway, PLAIN).statusCode()).isEqualTo(200);
        awaitCopies(1);
        assertThat(figures().count(CopyOutcome.cut)).isEqualTo(1);
    }

    @Test
    void aClientsRequestGetsTheRowOfACopyAtOnce() throws Exception {
        answers(OF_OLD, (_, _) -> Mono.never());
        rows = 1;
        order(4, 100_000);
        await(() -> {
            assertThat(chat(gateway, PLAIN).statusCode()).isEqualTo(200);
            return copyBegins();
        });
        for (int i = 0; i < 5; i++) {
            assertThat(chat(gateway, PLAIN).statusCode()).isEqualTo(200);
        }
        await(() -> figures().count(CopyOutcome.yielded) >= 1);
        assertThat(mostCopies).hasValue(1);
        assertThat(figures().candidate().requests()).isZero();
    }

    /** Whether a copy reaches the worker soon; the next request would break it off before. */
    private boolean copyBegins() throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        while (copiesNow.get() == 0 && System.nanoTime() - end < 0) {
            Thread.sleep(5);
        }
        return copiesNow.get() == 1;
    }

    @Test
    void copiesLeaveTheRowsOfAFullWorkerAlone() throws Exception {
        rows = 1;
        CompletableFuture<Void> end = new CompletableFuture<>();
        answers(
                (request, response) ->
                        request.uri().equals(CHAT)
                                ? OF_OLD.apply(request, response)
                                : Mono.fromFuture(end)
                                        .then(Mono.from(OF_OLD.apply(request, response))),
                OF_NEW);
        order(2, 100_000);
        CompletableFuture<HttpResponse<String>> slow =
                Gateways.CLIENT.sendAsync(
                        post(gateway, "/v1/completions", PLAIN.replace("prod", BASE)),
                        HttpResponse.BodyHandlers.ofString());
        worker.next();
        // it waits for the row, and nothing is copied while somebody has it
        CompletableFuture<HttpResponse<String>> second =
                Gateways.CLIENT.sendAsync(
                        post(gateway, CHAT, PLAIN), HttpResponse.BodyHandlers.ofString());
        await(() -> Gateways.waiting(gateway) == 1);
        assertThat(copiesNow).hasValue(0);
        end.complete(null);
        assertThat(slow.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(second.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }

    @Test
    void onlyWhatAClientHasAsTextIsCopied() throws Exception {
        order(2, 100_000);
        assertThat(send(post(gateway, "/v1/messages/count_tokens", PLAIN)).statusCode())
                .isEqualTo(200);
        for (String model : List.of(BASE, "sql@1")) {
            assertThat(chat(gateway, "{\"model\":\"" + model + "\"}").statusCode()).isEqualTo(200);
        }
        assertThat(figures()).isEqualTo(ShadowFigures.NONE);
        answers(FakeWorker.lastingly(400, "{}"), OF_NEW);
        assertThat(chat(gateway, PLAIN).statusCode()).isEqualTo(400);
        answers(FakeWorker.stream(Flux.concat(Mono.just("data: 1\n\n"), Flux.never())), OF_NEW);
        HttpResponse<InputStream> left =
                Gateways.CLIENT.send(
                        post(gateway, CHAT, STREAM), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(left.body().read()).isEqualTo('d');
        left.body().close();
        await(() -> figures().count(CopyOutcome.leftOut) == 2);
        assertThat(mostCopies).hasValue(0);
    }

    @Test
    void withoutAnOrderNothingIsCopiedAnyMore() throws Exception {
        order(2, 100_000);
        HttpResponse<String> _ = chat(gateway, PLAIN);
        awaitCopies(1);
        catalog.orders = List.of();
        int asked = catalog.demands.size();
        await(() -> catalog.demands.size() >= asked + 2);
        for (int i = 0; i < 5; i++) {
            HttpResponse<String> _ = chat(gateway, PLAIN);
        }
        assertThat(mostCopies).hasValue(1);
        assertThat(figures().count(CopyOutcome.answered)).isEqualTo(1);
    }

    @Test
    void aGatewayAsksForTheTokensThatItsCopiesNeed() throws Exception {
        order(2, 0);
        assertThat(catalog.demands.getLast().tokens()).containsEntry(7L, 0L);
        assertThat(chat(gateway, PLAIN).statusCode()).isEqualTo(200);
        await(() -> catalog.demands.getLast().tokens().getOrDefault(7L, 0L) > 0);
        assertThat(figures()).isEqualTo(ShadowFigures.NONE);
        order(2, 10);
        assertThat(chat(gateway, PLAIN.replace("8}", "5000}")).statusCode()).isEqualTo(200);
        await(() -> figures().count(CopyOutcome.noTokens) == 1);
        await(() -> catalog.demands.getLast().tokens().getOrDefault(7L, 0L) >= 10_000);
        assertThat(mostCopies).hasValue(0);
    }

    /** Orders a shadow of every request, and waits until the gateway knows. */
    private void order(int concurrent, long granted) throws Exception {
        catalog.orders =
                List.of(
                        new ShadowOrder(
                                7,
                                PROD,
                                new ShadowOrder.Version("sql", 1),
                                new ShadowOrder.Version("sql", 2),
                                new ShadowOrder.Bounds(1, concurrent, granted),
                                Duration.ofMinutes(5)));
        // the second demand after it follows the answer to the first
        int asked = catalog.demands.size();
        await(() ->
                catalog.demands.size() >= asked + 2
                        && catalog.demands.getLast().tokens().containsKey(7L));
    }

    private void answers(FakeWorker.Answer served, FakeWorker.Answer candidate) {
        worker.answers((request, response) -> {
            if (!isCopy(request.requestHeaders().get("weft-adapter"))) {
                return served.apply(request, response);
            }
            mostCopies.accumulateAndGet(copiesNow.incrementAndGet(), Math::max);
            return Mono.from(candidate.apply(request, response))
                    .doFinally(_ -> copiesNow.decrementAndGet());
        });
    }

    private static boolean isCopy(String digest) {
        return NEW.digest().toString().equals(digest);
    }

    /** Waits until the catalog was told of so many drawn requests. */
    private void awaitCopies(int count) throws Exception {
        await(() -> figures().copies().values().stream().mapToLong(Long::longValue).sum() == count);
    }

    /** What the catalog was told of the shadow; each number counts once. */
    private ShadowFigures figures() {
        Map<Long, MeasureReport> once = new HashMap<>();
        catalog.reports.forEach(report -> once.put(report.number(), report));
        ShadowFigures sum = ShadowFigures.NONE;
        for (MeasureReport report : once.values()) {
            for (MeasureReport.Shadow shadow : report.shadows()) {
                assertThat(shadow.id()).isEqualTo(7);
                sum = sum.plus(shadow.figures());
            }
        }
        return sum;
    }

    private long requestsBilled() {
        return catalog.batches.stream()
                .flatMap(batch -> batch.lines().stream())
                .mapToLong(line -> line.counts().requests())
                .sum();
    }

    private long tokensBilled() {
        return catalog.batches.stream()
                .flatMap(batch -> batch.lines().stream())
                .map(UsageBatch.Line::counts)
                .mapToLong(counts -> counts.promptTokens() + counts.completionTokens())
                .sum();
    }

    /** An answer in one piece with 7 and 3 tokens. */
    private static FakeWorker.Answer counted(String text) {
        return (request, response) ->
                FakeWorker.json(
                                200,
                                """
                                {"choices":[{"index":0,"message":{"content":"%s"},
                                 "finish_reason":"stop"}]}\
                                """
                                        .formatted(text))
                        .apply(request, response.header("weft-usage", "7 3"));
    }

    /** A stream with 5 tokens of the prompt and 2 a piece. */
    private static FakeWorker.Answer streamed(String... pieces) {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < pieces.length; i++) {
            events.add(
                    ": weft-usage 5 %d\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"}}]}\n\n"
                            .formatted(2 * (i + 1), pieces[i]));
        }
        events.add("data: [DONE]\n\n");
        return FakeWorker.stream(Flux.fromIterable(events));
    }

    private static CatalogEntry entry(AdapterId id, Share... shares) {
        return new CatalogEntry(id, List.of(shares), Audience.NOBODY);
    }
}
