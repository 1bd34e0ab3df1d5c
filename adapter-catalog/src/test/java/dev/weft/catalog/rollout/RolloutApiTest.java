package dev.weft.catalog.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.RunningCatalog;
import dev.weft.catalog.TestAdapter;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.measure.Measured;
import dev.weft.protocol.measure.Times;
import dev.weft.protocol.rollout.MeasureCodec;
import dev.weft.protocol.rollout.MeasureReport;
import dev.weft.protocol.rollout.MeasuredVersion;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Rollouts over HTTP. */
class RolloutApiTest {
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
    }

    @Test
    void aRolloutIsStartedMeasuredAndTakenBackByItself() throws Exception {
        HttpResponse<String> started =
                send(
                        "POST",
                        "rollouts",
                        """
                        {"alias":"team/prod","from":{"adapter":"sql","version":1},
                         "to":{"adapter":"sql","version":2}}\
                        """);
        assertThat(started.statusCode()).as(started.body()).isEqualTo(201);
        JsonNode rollout = RunningCatalog.JSON.readTree(started.body());
        long id = rollout.path("id").asLong();
        assertThat(started.headers().firstValue("Location")).contains("/admin/v1/rollouts/" + id);
        assertThat(rollout.path("state").asString()).isEqualTo("running");
        assertThat(rollout.path("steps")).hasSize(3);
        assertThat(rollout.path("steps").get(0).path("time").asString()).isEqualTo("10m");
        assertThat(rollout.path("bounds").path("errorRate").asDouble()).isEqualTo(0.01);
        assertThat(rollout.path("bounds").path("score").isNull()).isTrue();
        assertThat(rollout.path("findings")).hasSize(3);
        assertThat(
                        catalog.json("/admin/v1/aliases/team/prod")
                                .path("targets")
                                .get(1)
                                .path("weight"))
                .hasToString("5");
        assertThat(send("POST", "rollouts/" + id + "/pause", null).statusCode()).isEqualTo(200);
        assertThat(send("POST", "rollouts/" + id + "/pause", null).statusCode()).isEqualTo(409);

        report(new Measured(400, 0, Times.NONE, Times.NONE), 1);
        report(new Measured(40, 30, Times.NONE, Times.NONE), 2);
        JsonNode ended = rollout;
        for (int i = 0; i < 3_000 && !ended.path("state").asString().equals("returned"); i++) {
            Thread.sleep(20);
            ended = catalog.json("/admin/v1/rollouts/" + id);
        }
        assertThat(ended.path("bound").asString()).isEqualTo("errorRate");
        assertThat(ended.path("reason").asString()).contains("75.00 % of 40 requests of sql@2");
        assertThat(send("DELETE", "rollouts/" + id, null).statusCode()).isEqualTo(409);
        assertThat(catalog.json("/admin/v1/rollouts?alias=team/prod&size=1").path("items").get(0))
                .isEqualTo(ended);
        assertThat(send("GET", "rollouts/99", null).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'steps':[] | steps",
                "'steps':7 | steps",
                "'steps':[7] | steps[0].weight",
                "'steps':[{'weight':100,'time':'1m'}] | steps[0].weight",
                "'steps':[{'weight':9,'time':'1m'},{'weight':9,'time':'1m'}] | steps[1].weight",
                "'steps':[{'weight':9,'time':'10'}] | steps[0].time",
                "'steps':[{'weight':9,'time':'0s'}] | steps[0].time",
                "'steps':[{'weight':9,'time':'721h'}] | steps[0].time",
                "'steps':[{'weight':9,'time':'1m','x':1}] | steps[0].x",
                "'bounds':{} | bounds",
                "'bounds':[] | bounds",
                "'bounds':{'errors':1} | bounds",
                "'bounds':{'errorRate':0.1,'errors':1} | bounds.errors",
                "'bounds':{'errorRate':-0.1} | bounds.errorRate",
                "'bounds':{'errorRate':'1'} | bounds.errorRate",
                "'bounds':{'firstToken':0.5} | bounds.firstToken",
                "'bounds':{'score':1} | bounds.score",
                "'quantile':1 | quantile",
                "'alpha':0 | alpha",
                "'alpha':1e400 | alpha",
                "'alpha':HUGE | alpha",
                "'quantile':HUGE | quantile",
                "'bounds':{'errorRate':-HUGE} | bounds.errorRate",
                "'bounds':{'firstToken':HUGE} | bounds.firstToken",
                "'steps':[{'weight':HUGE,'time':'1m'}] | steps[0].weight",
                "'minRequests':HUGE | minRequests",
                "'from':{'adapter':'sql','version':HUGE} | from.version",
                "'minRequests':0 | minRequests",
                "'minScores':1.5 | minScores",
                "'from':7 | from",
                "'from':{'adapter':'sql','version':0} | from.version",
                "'other':1 | other"
            })
    void aBodyIsRefusedByTheFieldThatIsWrong(String part, String field) throws Exception {
        HttpResponse<String> answer =
                send(
                        "POST",
                        "rollouts",
                        "{\"alias\":\"p\",\"to\":{\"adapter\":\"sql\",\"version\":2},"
                                + json(part)
                                + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("\"" + field + "\"");
    }

    /** No double holds what HUGE stands for. */
    private static String json(String text) {
        return text.replace('\'', '"').replace("HUGE", "1" + "0".repeat(320));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{} | to",
                "{'to':[]} | to",
                "{'to':[2]} | to[0]",
                "{'to':[0.5,'x']} | to[1]",
                "{'from':1} | from",
                "{'from':[-0.1]} | from[0]",
                "{'from':[HUGE]} | from[0]",
                "{'to':[1],'id':''} | id",
                "{'to':[1],'id':7} | id",
                "{'to':[1],'step':0} | step",
                "{'to':[1],'step':1.5} | step",
                "{'to':[1],'step':HUGE} | step"
            })
    void scoresAreNumbersFromZeroToOne(String body, String field) throws Exception {
        HttpResponse<String> answer = send("POST", "rollouts/1/scores", json(body));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("\"" + field + "\"");
    }

    @Test
    void scoresThatAreSentAgainUnderTheirIdCountOnce() throws Exception {
        HttpResponse<String> started =
                send(
                        "POST",
                        "rollouts",
                        json(
                                "{'alias':'scored','from':{'adapter':'sql','version':1},"
                                        + "'to':{'adapter':'sql','version':2},"
                                        + "'bounds':{'score':0.1}}"));
        long id = RunningCatalog.JSON.readTree(started.body()).path("id").asLong();
        String scores = "rollouts/" + id + "/scores";
        String body = json("{'from':[0.5],'to':[0.5,0.6],'id':'night 1','step':1}");
        for (int times = 0; times < 2; times++) {
            HttpResponse<String> answer = send("POST", scores, body);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).contains("\"count\":2");
        }
        HttpResponse<String> late = send("POST", scores, json("{'to':[1],'step':2}"));
        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(late.body()).contains("is in step 1, not in 2");
        assertThat(send("DELETE", "rollouts/" + id, null).statusCode()).isEqualTo(200);
    }

    @Test
    void aReportThatIsNoneIsRefused() throws Exception {
        assertThat(post("nonsense".getBytes(StandardCharsets.UTF_8)).statusCode()).isEqualTo(400);
        assertThat(post(new byte[300_000]).statusCode()).isEqualTo(413);
    }

    private static void report(Measured measured, int version) throws Exception {
        byte[] report =
                MeasureCodec.encode(
                        new MeasureReport(
                                "gateway-1",
                                version,
                                List.of(
                                        new MeasureReport.Line(
                                                new MeasuredVersion(
                                                        AdapterId.of("team/prod"),
                                                        AdapterId.of("sql"),
                                                        version,
                                                        0),
                                                measured))));
        assertThat(post(report).statusCode()).isEqualTo(204);
    }

    private static HttpResponse<String> post(byte[] report) throws Exception {
        return catalog.client()
                .send(
                        catalog.to(MeasureReport.PATH)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofByteArray(report))
                                .build(),
                        BodyHandlers.ofString());
    }

    private static HttpResponse<String> send(String method, String path, @Nullable String body)
            throws Exception {
        return catalog.client()
                .send(
                        catalog.to("/admin/v1/" + path)
                                .header("Content-Type", "application/json")
                                .method(
                                        method,
                                        body == null
                                                ? BodyPublishers.noBody()
                                                : BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
    }
}
