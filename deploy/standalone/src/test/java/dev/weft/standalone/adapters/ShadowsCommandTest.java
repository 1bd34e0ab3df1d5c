package dev.weft.standalone.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.standalone.CommandLineRun;
import dev.weft.standalone.FakeHttp;
import dev.weft.standalone.FakeHttp.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShadowsCommandTest {
    private static final String SHADOW =
            """
            {"id":7,"alias":"team/prod","from":{"adapter":"sql","version":3},
             "to":{"adapter":"sql","version":4},"state":"running","reason":null,
             "waitsFor":"its end at 2026-11-28T12:00:00Z","withinBounds":true,
             "findings":[
              {"bound":"errorRate","allowed":0.01,"from":{"value":0.004,"count":250},
               "to":{"value":0,"count":250},"needed":200,"p":1}],
             "likeness":{"pairs":249,"fromTokens":96.5,"toTokens":101.25,"sameFinish":0.97,
              "greedy":40,"sameText":0.6,"commonPrefix":0.83},
             "copies":{"answered":249,"failed":1,"leftOut":0,"busy":12,"noTokens":0,"yielded":3,
              "cut":0},
             "tokens":181234,"maxTokens":1000000}\
            """;

    private static final String LINE =
            "shadow 7: sql@4 beside sql@3 of team/prod: running, 249 requests compared, 181234 of"
                    + " 1000000 tokens used\n";

    private static final String SHOWN =
            LINE
                    + "  waits for its end at 2026-11-28T12:00:00Z\n"
                    + "  the candidate is within the bounds\n"
                    + "  errorRate: 0.000 of 250 now, 0.004000 of 250 before; allowed 0.01000 more;"
                    + " p 1.000\n"
                    + "  answers: 101.3 tokens now, 96.50 before; 0.9700 ended for the same"
                    + " reason\n"
                    + "  with temperature 0: 0.6000 of 40 have the same text, 0.8300 of it from its"
                    + " beginning\n"
                    + "  drawn: 249 answered, 1 failed, 12 busy, 3 yielded\n";

    @Test
    void whatIsLeftOutIsNotSent() {
        try (var catalog = new FakeHttp(_ -> Answer.json(201, SHADOW))) {
            CommandLineRun run = shadows(catalog, "start", "team/prod", "sql@4");
            assertThat(run.err()).isEmpty();
            assertThat(run.out()).isEqualTo(SHOWN);
            assertThat(catalog.requests().getLast().line()).isEqualTo("POST /admin/v1/shadows");
            assertThat(catalog.requests().getLast().body())
                    .isEqualTo(
                            "{\"alias\":\"team/prod\",\"to\":{\"adapter\":\"sql\",\"version\":4}}");
        }
    }

    @Test
    void extentAndBoundsAreSent() {
        try (var catalog = new FakeHttp(_ -> Answer.json(201, SHADOW))) {
            CommandLineRun run =
                    shadows(
                            catalog,
                            "start",
                            "prod",
                            "sql@4",
                            "--share=0.1",
                            "--max-tokens=5000",
                            "--concurrent=4",
                            "--time=6h",
                            "--error-rate=0.02",
                            "--quantile=0.5",
                            "--alpha=0.05",
                            "--min-requests=100");
            assertThat(run.err()).isEmpty();
            assertThat(catalog.requests().getLast().body())
                    .isEqualTo(
                            "{\"alias\":\"prod\",\"to\":{\"adapter\":\"sql\",\"version\":4},"
                                    + "\"share\":0.1,\"maxTokens\":5000,\"concurrent\":4,"
                                    + "\"time\":\"6h\",\"bounds\":{\"errorRate\":0.02},"
                                    + "\"quantile\":0.5,\"alpha\":0.05,\"minRequests\":100}");
        }
    }

    @Test
    void shadowsAreListedShownAndEnded() {
        try (var catalog =
                new FakeHttp(request ->
                        request.line().contains("?")
                                ? Answer.json(200, "{\"items\":[" + SHADOW + "],\"next\":null}")
                                : Answer.json(200, SHADOW))) {
            assertThat(shadows(catalog, "list", "--alias", "team/prod").out()).isEqualTo(LINE);
            assertThat(shadows(catalog, "show", "7").out()).isEqualTo(SHOWN);
            assertThat(shadows(catalog, "end", "7").out()).isEqualTo(SHOWN);
            assertThat(catalog.requests().getLast().line()).isEqualTo("DELETE /admin/v1/shadows/7");
        }
    }

    @Test
    void whatIsMissingIsSaid() {
        try (var catalog = new FakeHttp(_ -> Answer.json(404, "{}"))) {
            assertThat(shadows(catalog, "show", "9").err()).contains("there is no shadow 9");
            assertThat(shadows(catalog, "start", "prod", "sql@4").err())
                    .contains("there is no alias 'prod'");
        }
    }

    private static CommandLineRun shadows(FakeHttp catalog, String... arguments) {
        List<String> all = new ArrayList<>(List.of("adapters", "shadows"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--catalog", catalog.address().toString()));
        return CommandLineRun.of(all.toArray(String[]::new));
    }
}
