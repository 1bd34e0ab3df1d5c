package dev.weft.standalone.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.standalone.CommandLineRun;
import dev.weft.standalone.FakeHttp;
import dev.weft.standalone.FakeHttp.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolloutsCommandTest {
    private static final String ROLLOUT =
            """
            {"id":7,"alias":"team/prod","from":{"adapter":"sql","version":3},
             "to":{"adapter":"sql","version":4},"state":"running","reason":null,
             "waitsFor":"requests of sql@4 (12 of 200 for errorRate)","step":2,
             "steps":[{"weight":10,"time":"15m"},{"weight":50,"time":"1h"}],
             "findings":[
              {"bound":"errorRate","allowed":0.01,"from":{"value":0.004,"count":1000},
               "to":{"value":0,"count":12},"needed":200,"p":1},
              {"bound":"firstToken","allowed":1.25,"from":{"value":0.12345678,"count":900},
               "to":{"value":null,"count":0},"needed":200,"p":0.5}]}\
            """;

    private static final String LINE =
            "rollout 7: team/prod from sql@3 to sql@4: running, step 2 of 2 at 50 %\n";

    private static final String SHOWN =
            LINE
                    + "  waits for requests of sql@4 (12 of 200 for errorRate)\n"
                    + "  errorRate: 0.000 of 12 now, 0.004000 of 1000 before; allowed 0.01000 more;"
                    + " p 1.000\n"
                    + "  firstToken: nothing of 0 now, 0.1235 of 900 before; allowed 1.250 times"
                    + " that; p 0.5000\n";

    @Test
    void whatIsLeftOutIsNotSent() {
        try (var catalog = new FakeHttp(_ -> Answer.json(201, ROLLOUT))) {
            CommandLineRun run = rollouts(catalog, "start", "team/prod", "sql@4");
            assertThat(run.err()).isEmpty();
            assertThat(run.out()).isEqualTo(SHOWN);
            assertThat(catalog.requests().getLast().line()).isEqualTo("POST /admin/v1/rollouts");
            assertThat(catalog.requests().getLast().body())
                    .isEqualTo(
                            "{\"alias\":\"team/prod\",\"to\":{\"adapter\":\"sql\",\"version\":4}}");
        }
    }

    @Test
    void stepsAndBoundsAreSent() {
        try (var catalog = new FakeHttp(_ -> Answer.json(201, ROLLOUT))) {
            CommandLineRun run =
                    rollouts(
                            catalog,
                            "start",
                            "prod",
                            "sql@4",
                            "--from=sql@3",
                            "--step=10=15m",
                            "--step=50=1h",
                            "--error-rate=0.02",
                            "--score=0.1",
                            "--quantile=0.5",
                            "--alpha=0.05",
                            "--min-requests=100",
                            "--min-scores=20");
            assertThat(run.err()).isEmpty();
            assertThat(catalog.requests().getLast().body())
                    .isEqualTo(
                            "{\"alias\":\"prod\",\"to\":{\"adapter\":\"sql\",\"version\":4},"
                                    + "\"from\":{\"adapter\":\"sql\",\"version\":3},"
                                    + "\"steps\":[{\"weight\":10,\"time\":\"15m\"},"
                                    + "{\"weight\":50,\"time\":\"1h\"}],"
                                    + "\"bounds\":{\"errorRate\":0.02,\"score\":0.1},"
                                    + "\"quantile\":0.5,\"alpha\":0.05,\"minRequests\":100,"
                                    + "\"minScores\":20}");
            assertThat(rollouts(catalog, "start", "prod", "sql@4", "--step=10").err())
                    .startsWith("weft: --step '10': allowed is 1 to 99");
        }
    }

    @Test
    void scoresAreSent() {
        try (var catalog = new FakeHttp(_ -> Answer.json(200, ROLLOUT))) {
            assertThat(rollouts(catalog, "score", "7", "--from", "0.9,1", "--to", "0.8").err())
                    .isEmpty();
            assertThat(catalog.requests().getLast().line())
                    .isEqualTo("POST /admin/v1/rollouts/7/scores");
            assertThat(catalog.requests().getLast().body())
                    .isEqualTo("{\"from\":[0.9,1.0],\"to\":[0.8]}");
            assertThat(
                            rollouts(catalog, "score", "7", "--to=0.8", "--id=night 1", "--step=2")
                                    .err())
                    .isEmpty();
            assertThat(catalog.requests().getLast().body())
                    .isEqualTo("{\"from\":[],\"to\":[0.8],\"id\":\"night 1\",\"step\":2}");
        }
    }

    @Test
    void aListHasALineForEachAndTheReason() {
        String returned =
                ROLLOUT.replace(
                        "\"state\":\"running\",\"reason\":null",
                        "\"state\":\"returned\",\"reason\":\"slow\"");
        String page = "{\"items\":[" + returned + "," + ROLLOUT + "],\"next\":null}";
        try (var catalog = new FakeHttp(_ -> Answer.json(200, page))) {
            assertThat(rollouts(catalog, "list").out())
                    .isEqualTo(
                            LINE.replace("running", "returned").replace("%\n", "% (slow)\n")
                                    + LINE);
        }
    }

    @Test
    void aRolloutThatIsNotThereIsAnError() {
        try (var catalog = new FakeHttp(_ -> Answer.json(404, "{}"))) {
            CommandLineRun run = rollouts(catalog, "return", "8");
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).isEqualTo("weft: there is no rollout 8\n");
        }
    }

    private static CommandLineRun rollouts(FakeHttp catalog, String... arguments) {
        List<String> line = new ArrayList<>(List.of("adapters", "rollouts"));
        line.addAll(List.of(arguments));
        line.addAll(List.of("--catalog", catalog.address().toString()));
        return CommandLineRun.of(line.toArray(String[]::new));
    }
}
