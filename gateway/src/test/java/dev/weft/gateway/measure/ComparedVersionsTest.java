package dev.weft.gateway.measure;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.await;
import static dev.weft.gateway.Gateways.chat;
import static dev.weft.gateway.Gateways.post;
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
import dev.weft.protocol.rollout.MeasuredVersion;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a gateway measures of names that lead to several versions, over real HTTP. */
class ComparedVersionsTest {
    private static final AdapterId PROD = AdapterId.of("prod");
    private static final long REVISION = 4;
    private static final String BODY = "{\"model\":\"%s\",\"stream\":true}";

    private FakeCatalog catalog;
    private FakeWorker worker;
    private GatewayService gateway;

    @BeforeEach
    void start() throws Exception {
        ServedVersion old = FakeCatalog.version(1);
        ServedVersion candidate = FakeCatalog.version(2);
        catalog =
                new FakeCatalog(
                        entry(AdapterId.of("sql"), new Share(candidate, 1), new Share(old, 0)),
                        divided(REVISION));
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
    void requestsFailuresAndTimesAreReportedByVersion() throws Exception {
        worker.answers(
                FakeWorker.stream(
                        Flux.just(
                                ": weft-usage 5 1\ndata: 1\n\n",
                                ": weft-usage 5 4\ndata: [DONE]\n\n")));
        for (int i = 0; i < 40; i++) {
            assertThat(chat(gateway, BODY.formatted("prod")).statusCode()).isEqualTo(200);
        }
        worker.answers(FakeWorker.lastingly(500, "{}"));
        for (int i = 0; i < 10; i++) {
            assertThat(chat(gateway, "{\"model\":\"prod\"}").statusCode()).isEqualTo(500);
        }
        await(() -> requests() == 50);
        Map<Integer, Measured> sums = sums();
        assertThat(sums).containsOnlyKeys(1, 2);
        Measured all = sums.values().stream().reduce(Measured.NONE, Measured::plus);
        assertThat(all.failures()).isEqualTo(10);
        assertThat(all.firstToken().total()).isEqualTo(40);
        assertThat(all.perToken().total()).isEqualTo(40);
        assertThat(sums.values()).allMatch(each -> each.requests() > 5);
    }

    @Test
    void whatCannotBeComparedIsNotReported() throws Exception {
        for (String model : List.of(BASE, "sql", "sql@1", "sql@2", "nobody")) {
            HttpResponse<String> _ = chat(gateway, "{\"model\":\"" + model + "\"}");
        }
        // a count of tokens says nothing of what a version generates
        HttpRequest count = post(gateway, "/v1/messages/count_tokens", "{\"model\":\"prod\"}");
        assertThat(Gateways.send(count).statusCode()).isEqualTo(200);
        worker.answers(FakeWorker.lastingly(400, "{}"));
        assertThat(chat(gateway, "{\"model\":\"prod\"}").statusCode()).isEqualTo(400);
        worker.answers(
                FakeWorker.stream(
                        Flux.concat(Mono.just(": weft-usage 7 2\ndata: 1\n\n"), Flux.never())));
        HttpResponse<InputStream> left =
                Gateways.CLIENT.send(
                        post(gateway, "/v1/chat/completions", BODY.formatted("prod")),
                        HttpResponse.BodyHandlers.ofInputStream());
        assertThat(left.body().read()).isEqualTo('d');
        left.body().close();
        // the time to the first event of the stream that was left counts, but no request does
        await(() -> sums().values().stream().mapToLong(m -> m.firstToken().total()).sum() == 1);
        assertThat(requests()).isZero();
    }

    /** A client with a short deadline, or a full fleet, says nothing of a version. */
    @Test
    void whatNoVersionIsToBlameForIsNoFailure() throws Exception {
        worker.answers((_, _) -> Mono.never());
        HttpRequest any = post(gateway, "/v1/chat/completions", BODY.formatted("prod"));
        for (int i = 0; i < 5; i++) {
            HttpResponse<String> late =
                    Gateways.send(
                            HttpRequest.newBuilder(any, (_, _) -> true)
                                    .header("weft-timeout", "0.05")
                                    .build());
            assertThat(late.statusCode()).isEqualTo(504);
        }
        worker.ready(false);
        await(() -> Gateways.workersReady(gateway) == 0);
        for (int i = 0; i < 5; i++) {
            assertThat(chat(gateway, BODY.formatted("prod")).statusCode()).isEqualTo(503);
        }
        worker.answers(FakeWorker.json(200, "{}"));
        worker.ready(true);
        await(() -> Gateways.workersReady(gateway) == 1);
        assertThat(chat(gateway, BODY.formatted("prod")).statusCode()).isEqualTo(200);

        await(() -> requests() > 0);
        Measured all = sums().values().stream().reduce(Measured.NONE, Measured::plus);
        assertThat(all.requests()).isEqualTo(1);
        assertThat(all.failures()).isZero();
    }

    /** Else what hangs through a step would fail in none. */
    @Test
    void anAnswerCountsInTheStepInWhichItEnds() throws Exception {
        CompletableFuture<String> end = new CompletableFuture<>();
        worker.answers(
                FakeWorker.stream(
                        Flux.concat(
                                Mono.just(": weft-usage 5 1\ndata: 1\n\n"), Mono.fromFuture(end))));
        CompletableFuture<HttpResponse<String>> slow =
                Gateways.CLIENT.sendAsync(
                        post(gateway, "/v1/chat/completions", BODY.formatted("prod")),
                        HttpResponse.BodyHandlers.ofString());
        worker.next();
        worker.answers(FakeWorker.json(200, "{}"));
        catalog.publish(divided(REVISION + 1));
        await(() -> {
            assertThat(chat(gateway, "{\"model\":\"prod\"}").statusCode()).isEqualTo(200);
            return lines(REVISION + 1).count() > 0;
        });
        end.complete(": weft-usage 5 4\ndata: [DONE]\n\n");
        assertThat(slow.get().statusCode()).isEqualTo(200);
        await(() ->
                lines(REVISION + 1).anyMatch(line -> line.measured().firstToken().total() == 1));
    }

    private Stream<MeasureReport.Line> lines(long revision) {
        return catalog.reports.stream()
                .flatMap(report -> report.lines().stream())
                .filter(line -> line.version().revision() == revision);
    }

    private static CatalogEntry divided(long revision) {
        List<Share> shares =
                List.of(new Share(FakeCatalog.version(1), 1), new Share(FakeCatalog.version(2), 1));
        return new CatalogEntry(PROD, shares, Audience.NOBODY, revision);
    }

    @Test
    void aReportThatIsNotTakenIsSentAgainUnchanged() throws Exception {
        catalog.reportStatus = 503;
        HttpResponse<String> _ = chat(gateway, "{\"model\":\"prod\"}");
        await(() -> catalog.reports.size() >= 2);
        assertThat(catalog.reports).allMatch(catalog.reports.getFirst()::equals);
        HttpResponse<String> _ = chat(gateway, "{\"model\":\"prod\"}");
        catalog.reportStatus = 204;
        await(() -> catalog.reports.getLast().number() == 2);
        assertThat(catalog.reports.stream().map(MeasureReport::instance).distinct()).hasSize(1);
        await(() -> requests() == 2);
    }

    private long requests() {
        return sums().values().stream().mapToLong(Measured::requests).sum();
    }

    /** What the catalog was told of name prod, by version; each number counts once. */
    private Map<Integer, Measured> sums() {
        Map<Long, MeasureReport> once = new HashMap<>();
        catalog.reports.forEach(report -> once.put(report.number(), report));
        Map<Integer, Measured> sums = new HashMap<>();
        for (MeasureReport report : once.values()) {
            for (MeasureReport.Line line : report.lines()) {
                MeasuredVersion version = line.version();
                assertThat(version.name()).isEqualTo(PROD);
                assertThat(version.adapter()).isEqualTo(AdapterId.of("sql"));
                assertThat(version.revision()).isEqualTo(REVISION);
                sums.merge(version.number(), line.measured(), Measured::plus);
            }
        }
        return sums;
    }

    private static CatalogEntry entry(AdapterId id, Share... shares) {
        return new CatalogEntry(id, List.of(shares), Audience.NOBODY);
    }
}
