package dev.weft.catalog.rollout.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.RunningCatalog;
import dev.weft.catalog.TestAdapter;
import dev.weft.protocol.measure.Measured;
import dev.weft.protocol.measure.Times;
import dev.weft.protocol.rollout.MeasureCodec;
import dev.weft.protocol.rollout.MeasureReport;
import dev.weft.protocol.shadow.CopyOutcome;
import dev.weft.protocol.shadow.Likeness;
import dev.weft.protocol.shadow.ShadowCodec;
import dev.weft.protocol.shadow.ShadowDemand;
import dev.weft.protocol.shadow.ShadowFigures;
import dev.weft.protocol.shadow.ShadowOrder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Shadows over HTTP. */
class ShadowApiTest {
    @TempDir private static Path folder;

    @AutoClose private static RunningCatalog catalog;

    @BeforeAll
    static void start() throws Exception {
        Path repo = Files.createDirectories(folder.resolve("adapters")).resolve("sql");
        catalog = RunningCatalog.start(folder);
        for (int seed = 1; seed <= 2; seed++) {
            TestAdapter.write(repo, 4, seed);
            assertThat(catalog.ingest("sql", repo).path("version").asInt()).isEqualTo(seed);
        }
        HttpResponse<String> set =
                catalog.client()
                        .send(
                                catalog.to("/admin/v1/aliases/prod")
                                        .header("Content-Type", "application/json")
                                        .header("If-None-Match", "*")
                                        .PUT(
                                                BodyPublishers.ofString(
                                                        """
                                                        {"targets":[{"adapter":"sql","version":1}]}\
                                                        """))
                                        .build(),
                                BodyHandlers.ofString());
        assertThat(set.statusCode()).as(set.body()).isLessThan(300);
    }

    @Test
    void aShadowIsStartedOrderedMeasuredAndEnded() throws Exception {
        HttpResponse<String> started =
                catalog.post(
                        "/admin/v1/shadows",
                        """
                        {"alias":"prod","to":{"adapter":"sql","version":2},"share":0.5,
                         "maxTokens":5000,"time":"30m"}\
                        """);
        assertThat(started.statusCode()).as(started.body()).isEqualTo(201);
        JsonNode shadow = RunningCatalog.JSON.readTree(started.body());
        long id = shadow.path("id").asLong();
        assertThat(started.headers().firstValue("Location")).contains("/admin/v1/shadows/" + id);
        assertThat(shadow.path("state").asString()).isEqualTo("running");
        assertThat(shadow.path("from").path("version").asInt()).isEqualTo(1);
        assertThat(shadow.path("time").asString()).isEqualTo("30m");
        assertThat(shadow.path("concurrent").asInt()).isEqualTo(2);
        assertThat(shadow.path("likeness").path("sameText").isNull()).isTrue();

        HttpResponse<byte[]> orders =
                post(
                        ShadowDemand.PATH,
                        ShadowCodec.encode(new ShadowDemand("gateway-1", Map.of(id, 800L))));
        assertThat(orders.statusCode()).isEqualTo(200);
        ShadowOrder order = ShadowCodec.orders(orders.body()).getFirst();
        assertThat(order.bounds().granted()).isEqualTo(800);
        assertThat(order.left()).isPositive();

        var report =
                new MeasureReport(
                        "measures-1",
                        1,
                        List.of(),
                        List.of(
                                new MeasureReport.Shadow(
                                        id,
                                        new ShadowFigures(
                                                new Measured(4, 0, Times.NONE, Times.NONE),
                                                new Measured(4, 1, Times.NONE, Times.NONE),
                                                new Likeness(3, 30, 36, 2, 2, 1, 1.5),
                                                700,
                                                Map.of(CopyOutcome.answered, 3L)))));
        for (int time = 0; time < 2; time++) {
            assertThat(post(MeasureReport.PATH, MeasureCodec.encode(report)).statusCode())
                    .isEqualTo(204);
        }
        JsonNode shown = catalog.json("/admin/v1/shadows/" + id);
        assertThat(shown.path("tokens").asLong()).isEqualTo(700);
        assertThat(shown.path("copies").path("answered").asLong()).isEqualTo(3);
        assertThat(shown.path("likeness").path("toTokens").asDouble()).isEqualTo(12);
        assertThat(shown.path("likeness").path("commonPrefix").asDouble()).isEqualTo(0.75);
        assertThat(shown.path("findings").get(0).path("to").path("value").asDouble())
                .isEqualTo(0.25);
        assertThat(catalog.delete("/admin/v1/shadows/" + id).statusCode()).isEqualTo(200);
        assertThat(catalog.delete("/admin/v1/shadows/" + id).statusCode()).isEqualTo(409);
        assertThat(catalog.delete("/admin/v1/shadows/99").statusCode()).isEqualTo(404);
        JsonNode ended = catalog.json("/admin/v1/shadows?alias=prod&size=1").path("items").get(0);
        assertThat(ended.path("state").asString()).isEqualTo("ended");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'share':0 | share",
                "'share':1.1 | share",
                "'share':'x' | share",
                "'share':HUGE | share",
                "'maxTokens':HUGE | maxTokens",
                "'alpha':HUGE | alpha",
                "'bounds':{'timePerToken':HUGE} | bounds.timePerToken",
                "'maxTokens':0 | maxTokens",
                "'maxTokens':1e30 | maxTokens",
                "'concurrent':65 | concurrent",
                "'concurrent':1.5 | concurrent",
                "'time':'0s' | time",
                "'time':'721h' | time",
                "'bounds':{} | bounds",
                "'bounds':{'score':0.1} | bounds",
                "'bounds':{'errorRate':0.1,'score':0.1} | bounds.score",
                "'minRequests':0 | minRequests",
                "'other':1 | other"
            })
    void aBodyIsRefusedByTheFieldThatIsWrong(String part, String field) throws Exception {
        HttpResponse<String> answer =
                catalog.post(
                        "/admin/v1/shadows",
                        "{\"alias\":\"prod\",\"to\":{\"adapter\":\"sql\",\"version\":2},"
                                + part.replace('\'', '"').replace("HUGE", "1" + "0".repeat(320))
                                + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("\"" + field + "\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {"nonsense", "{}", "null", "{\"instance\":\"a b\"}"})
    void aDemandThatIsNoneIsRefused(String body) throws Exception {
        assertThat(post(ShadowDemand.PATH, body.getBytes(StandardCharsets.UTF_8)).statusCode())
                .isEqualTo(400);
    }

    private static HttpResponse<byte[]> post(String path, byte[] body) throws Exception {
        return catalog.client()
                .send(
                        catalog.to(path)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofByteArray(body))
                                .build(),
                        BodyHandlers.ofByteArray());
    }
}
