package dev.weft.standalone.adapters;

import static dev.weft.standalone.ScriptedCatalog.version;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.standalone.CommandLineRun;
import dev.weft.standalone.FakeHttp;
import dev.weft.standalone.FakeHttp.Answer;
import dev.weft.standalone.ScriptedCatalog;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AdaptersCommandTest {
    private static CommandLineRun adapters(FakeHttp catalog, String... arguments) {
        var all = new String[arguments.length + 3];
        all[0] = "adapters";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[all.length - 2] = "--catalog";
        all[all.length - 1] = catalog.address().toString();
        return CommandLineRun.of(all);
    }

    @Test
    void addFollowsTheIngestUntilTheAdapterIsReady() {
        try (var catalog = new ScriptedCatalog()) {
            catalog.script(
                    "sql",
                    version("Registered", "HF", "o/sql"),
                    version("Fetching", "HF", "o/sql"),
                    version("Ready", "HF", "o/sql"));
            CommandLineRun run =
                    CommandLineRun.of(
                            "adapters",
                            "add",
                            "sql",
                            "--source",
                            "HF",
                            "--repo",
                            "o/sql",
                            "--catalog",
                            catalog.address().toString());
            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).isEqualTo("sql: Registered\nsql: Fetching\nsql: Ready\n");
            assertThat(catalog.registrations())
                    .containsExactly("{\"name\":\"sql\",\"source\":\"HF\",\"repo\":\"o/sql\"}");
        }
    }

    @Test
    void addAndShowTellHowFarTheFetchIs() {
        String fetching = version("Fetching", "HF", "o/sql");
        String[] steps = {
            progress(fetching, 0, "null"),
            progress(fetching, 3 << 20, "12582912"),
            progress(fetching, 3 << 20, "12582912"),
            progress(fetching, 12 << 20, "12582912"),
            version("Ready", "HF", "o/sql")
        };
        String told =
                """
                sql: Fetching 0.0 MiB, a.safetensors
                sql: Fetching 25 % (3.0 of 12.0 MiB), a.safetensors
                sql: Fetching 100 % (12.0 of 12.0 MiB), a.safetensors
                sql: Ready
                """;
        try (var catalog = new ScriptedCatalog()) {
            catalog.script("sql", steps);
            CommandLineRun run =
                    CommandLineRun.of(
                            "adapters",
                            "add",
                            "sql",
                            "--source",
                            "HF",
                            "--repo",
                            "o/sql",
                            "--catalog",
                            catalog.address().toString());
            assertThat(run.out()).isEqualTo(told);
        }
        String shown =
                "{\"name\":\"sql\",\"versions\":[%s]}"
                        .formatted(progress(fetching, 3 << 20, "12582912"));
        try (var catalog = shown(shown, "[]")) {
            assertThat(adapters(catalog, "show", "sql").out())
                    .endsWith("  Fetching 25 % (3.0 of 12.0 MiB), a.safetensors\n");
        }
    }

    private static FakeHttp shown(String adapter, String residency) {
        return new FakeHttp(request ->
                Answer.json(200, request.line().contains("/residency?") ? residency : adapter));
    }

    @Test
    void showTellsWhatToKnowOfAVersionAndWhereItIsHeld() {
        String adapter =
                "{\"name\":\"team/sql\",\"versions\":[%s]}"
                        .formatted(
                                version("Ready", "HF", "o/sql")
                                        .replace(
                                                "\"reasons\":[]",
                                                "\"reasons\":[],\"warnings\":[{\"code\":\"A\",\"message\":\"two"
                                                    + " of them\"}]"));
        String held =
                """
                [{"version":2,"worker":"w-1","address":"http://127.0.0.1:1","held":{"digest":"d",
                "tier":"slot","lastUsed":"2026-11-25T10:00:00Z","loadSeconds":0.25,"pinned":true}}]\
                """;
        try (var catalog = shown(adapter, held)) {
            CommandLineRun run = adapters(catalog, "show", "team/sql");
            assertThat(run.err()).isEmpty();
            assertThat(run.out())
                    .endsWith(
                            """
                              warning: A: two of them
                              team/sql@2  w-1  slot, pinned  last used 2026-11-25T10:00:00Z  loaded in 0.250 s
                            """);
            assertThat(catalog.requests().getLast().line())
                    .isEqualTo("GET /admin/v1/residency?adapter=team/sql");
        }
    }

    private static String progress(String version, long done, String total) {
        return version.replace(
                "\"reasons\":[]",
                "\"reasons\":[],\"progress\":{\"bytesDone\":%d,\"bytesTotal\":%s,\"file\":\"a.safetensors\"}"
                        .formatted(done, total));
    }

    @Test
    void addEndsWithOneAndTheReasonsWhereTheAdapterIsRejected() {
        String folder = Path.of("src/test").toAbsolutePath().toString();
        try (var catalog = new ScriptedCatalog()) {
            catalog.script(
                    "sql",
                    version("Rejected", "FILE", folder)
                            .replace(
                                    "\"reasons\":[]",
                                    "\"reasons\":[{\"code\":\"RANK_OVER_MAXIMUM\",\"message\":\"r"
                                            + " is 64, 16 is allowed\"}]"));
            CommandLineRun run =
                    CommandLineRun.of(
                            "adapters",
                            "add",
                            "sql",
                            "--source",
                            "FILE",
                            "--repo",
                            "src/test",
                            "--catalog",
                            catalog.address().toString());
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out())
                    .isEqualTo("sql: Rejected\n  RANK_OVER_MAXIMUM: r is 64, 16 is allowed\n");
        }
    }

    @Test
    void addEndsIfTheAdapterIsRemovedMeanwhile() {
        try (var catalog = new ScriptedCatalog()) {
            catalog.script("sql", version("Fetching", "HF", "o/sql"), ScriptedCatalog.GONE);
            CommandLineRun run =
                    CommandLineRun.of(
                            "adapters",
                            "add",
                            "sql",
                            "--source",
                            "HF",
                            "--repo",
                            "o/sql",
                            "--catalog",
                            catalog.address().toString());
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("sql was removed meanwhile");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-5", "9999999999"})
    void aWrongTimeoutRegistersNothing(String seconds) {
        try (var catalog = new FakeHttp(_ -> Answer.json(500, "{}"))) {
            CommandLineRun run =
                    adapters(
                            catalog,
                            "add",
                            "sql",
                            "--source",
                            "HF",
                            "--repo",
                            "o/sql",
                            "--timeout",
                            seconds);
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).contains("--timeout", seconds, "1 to 86400");
            assertThat(catalog.requests()).isEmpty();
        }
    }

    /** The catalog takes it from its deployment file. */
    @Test
    void aFolderThatIsNotBelowTheCurrentOneIsSentAsItIs() {
        try (var catalog = new ScriptedCatalog()) {
            catalog.script("sql", version("Ready", "FILE", "adapters/./sql"));
            CommandLineRun run =
                    CommandLineRun.of(
                            "adapters",
                            "add",
                            "sql",
                            "--source",
                            "FILE",
                            "--repo",
                            "adapters/./sql",
                            "--catalog",
                            catalog.address().toString());
            assertThat(run.exitCode()).isZero();
            assertThat(catalog.registrations())
                    .containsExactly(
                            "{\"name\":\"sql\",\"source\":\"FILE\",\"repo\":\"adapters/./sql\"}");
        }
    }

    @Test
    void listReadsAllPages() {
        String first =
                "{\"items\":[{\"name\":\"a\",\"versions\":[%s]}],\"next\":\"/admin/v1/adapters?after=a\"}"
                        .formatted(version("Ready", "HF", "o/a"));
        String second =
                "{\"items\":[{\"name\":\"b\",\"versions\":[%s]}],\"next\":null}"
                        .formatted(version("Disabled", "HF", "o/b"));
        try (var catalog =
                new FakeHttp(request ->
                        Answer.json(200, request.line().contains("after=a") ? second : first))) {
            CommandLineRun run = adapters(catalog, "list");
            assertThat(run.exitCode()).isZero();
            assertThat(run.out().replaceAll(" +", " "))
                    .isEqualTo(
                            """
                            NAME VERSION STATE RANK DIGEST FROM
                            a - Ready 8 - HF:o/a
                            b - Disabled 8 - HF:o/b
                            """);
        }
    }

    @Test
    void theOthersCallTheAdminApi() {
        try (var catalog = new FakeHttp(_ -> Answer.json(200, ""))) {
            assertThat(adapters(catalog, "disable", "team/sql v").exitCode()).isZero();
            assertThat(adapters(catalog, "enable", "sql").exitCode()).isZero();
            assertThat(adapters(catalog, "remove", "sql").exitCode()).isZero();
            assertThat(catalog.requests())
                    .extracting(FakeHttp.Request::line)
                    .containsExactly(
                            "POST /admin/v1/adapters/team/sql%20v/disable",
                            "POST /admin/v1/adapters/sql/enable", "DELETE /admin/v1/adapters/sql");
        }
    }

    @Test
    void anAliasIsSetAgainstTheRevisionThatIsThere() {
        String alias =
                "{\"name\":\"prod\",\"revision\":4,\"targets\":[{\"adapter\":\"a/b\",\"version\":3,\"weight\":90}]}";
        try (var catalog = new FakeHttp(_ -> Answer.json(200, alias))) {
            CommandLineRun run =
                    adapters(catalog, "alias", "set", "team/prod", "a/b@3=90", "a/b@4");
            assertThat(run.err()).isEmpty();
            assertThat(run.out()).isEqualTo("prod -> a/b@3=90 (revision 4)\n");
            assertThat(catalog.requests())
                    .extracting(FakeHttp.Request::line)
                    .containsExactly(
                            "GET /admin/v1/aliases/team/prod", "PUT /admin/v1/aliases/team/prod");
            assertThat(catalog.requests().getLast().body())
                    .isEqualTo(
                            "{\"targets\":[{\"adapter\":\"a/b\",\"version\":3,\"weight\":90},"
                                    + "{\"adapter\":\"a/b\",\"version\":4,\"weight\":1}]}");
            CommandLineRun wrong = adapters(catalog, "alias", "set", "prod", "sql");
            assertThat(wrong.err()).startsWith("weft: 'sql': a target like sql@3");
            assertThat(wrong.exitCode()).isEqualTo(2);
            assertThat(adapters(catalog, "rollback", "prod").exitCode()).isZero();
            assertThat(catalog.requests().getLast().line())
                    .isEqualTo("POST /admin/v1/aliases/prod/rollback");
        }
    }

    @Test
    void aRollBackOfAnAdaptersNameHoldsItAtTheVersionBefore() {
        String versions =
                Stream.of(3, 2)
                        .map(n ->
                                version("Ready", "HF", "o/a")
                                        .replace("{", "{\"version\":" + n + ","))
                        .collect(Collectors.joining(",", "{\"name\":\"sql\",\"versions\":[", "]}"));
        try (var catalog =
                new FakeHttp(request ->
                        request.line().startsWith("GET /admin/v1/aliases")
                                ? Answer.json(404, "{}")
                                : Answer.json(200, versions))) {
            assertThat(adapters(catalog, "rollback", "sql").err()).isEmpty();
            assertThat(catalog.requests().getLast().line()).isEqualTo("PUT /admin/v1/aliases/sql");
            assertThat(catalog.requests().getLast().body()).contains("\"version\":2");
        }
    }

    @Test
    void aVersionIsShownWithAllThatIsKnownOfIt() {
        String version =
                """
                {"id":7,"name":"sql","version":null,"state":"Rejected","reasons":[
                {"code":"A","message":"the rank"},{"code":"B","message":"a tensor"}],
                "modules":["q_proj","v_proj"],"effect":{"q_proj":1.5},"warnings":[]}\
                """;
        try (var catalog = new FakeHttp(_ -> Answer.json(200, version))) {
            CommandLineRun run = adapters(catalog, "version", "7");
            assertThat(run.err()).isEmpty();
            assertThat(run.out())
                    .isEqualTo(
                            """
                            id                7
                            name              sql
                            state             Rejected
                            reasons           A: the rank
                                              B: a tensor
                            modules           q_proj, v_proj
                            effect            q_proj 1.5
                            """);
            assertThat(catalog.requests().getLast().line()).isEqualTo("GET /admin/v1/versions/7");
        }
        try (var catalog = new FakeHttp(_ -> Answer.json(404, "{}"))) {
            assertThat(adapters(catalog, "version", "7").err())
                    .isEqualTo("weft: there is no version 7\n");
        }
    }

    @Test
    void theAuditLogSaysHowToSeeOlderChanges() {
        String page =
                """
                {"items":[{"id":9,"at":"2026-11-25T10:00:00Z","actor":"ana","action":"alias.set",
                "subject":"prod","before":null,"after":{"revision":1}}],
                "next":"/admin/v1/audit?size=1&before=9"}\
                """;
        try (var catalog = new FakeHttp(_ -> Answer.json(200, page))) {
            CommandLineRun run = adapters(catalog, "audit", "--size", "1", "--before", "10");
            assertThat(run.out())
                    .isEqualTo(
                            "2026-11-25T10:00:00Z  ana  alias.set  prod  nothing -> "
                                    + "{\"revision\":1}\nolder ones: --before 9\n");
            assertThat(catalog.requests().getLast().line())
                    .isEqualTo("GET /admin/v1/audit?size=1&before=10");
        }
    }

    @Test
    void whereATokenIsMissingTheVariableIsNamed() {
        try (var catalog =
                new FakeHttp(_ ->
                        new Answer(
                                401,
                                "application/problem+json",
                                "{\"title\":\"Unauthorized\",\"detail\":\"a token is needed\"}"))) {
            assertThat(adapters(catalog, "list").err())
                    .isEqualTo(
                            "weft: the catalog refused (401): a token is needed; commands send that"
                                    + " of the environment variable WEFT_TOKEN\n");
        }
    }

    @Test
    void aRefusalIsToldInTheCatalogsWords() {
        try (var catalog =
                new FakeHttp(_ ->
                        new Answer(
                                409,
                                "application/problem+json",
                                "{\"title\":\"Conflict\",\"detail\":\"sql is Retired\"}"))) {
            CommandLineRun run = adapters(catalog, "enable", "sql");
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).isEqualTo("weft: the catalog refused (409): sql is Retired\n");
        }
    }

    @Test
    void aCatalogThatIsNotThereIsNamed() {
        FakeHttp gone = new FakeHttp(_ -> Answer.json(200, ""));
        gone.close();
        CommandLineRun run = adapters(gone, "list");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).startsWith("weft: no catalog answers at " + gone.address());
    }
}
