package dev.weft.standalone.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.standalone.CommandLineRun;
import dev.weft.standalone.FakeHttp;
import dev.weft.standalone.FakeHttp.Answer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class UsageCommandTest {
    private static final String NEXT = "/admin/v1/usage?group=key&size=1&offset=1";
    private static final String FIRST =
            """
            {"from":"2026-11-01","to":"2026-11-28","next":"%s","items":[
             {"day":null,"tenant":"acme","key":3,"keyName":"a,nna","base":"tiny","owner":"other",
              "adapter":"sql","version":null,"digest":null,"requests":12,"errors":1,
              "promptTokens":300,"cachedTokens":100,"completionTokens":40,"cost":0.000340000}]}\
            """
                    .formatted(NEXT);
    private static final String SECOND =
            """
            {"from":"2026-11-01","to":"2026-11-28","next":null,"items":[
             {"day":null,"tenant":"default","key":null,"keyName":"=x","base":"tiny","owner":null,
              "adapter":null,"version":null,"digest":null,"requests":1,"errors":0,
              "promptTokens":3,"cachedTokens":0,"completionTokens":4,"cost":0E-9}]}\
            """;

    @Test
    void showsAllPagesAsOneTable() {
        assertThat(run("--by", "tenant,key,adapter"))
                .isEqualTo(
                        """
                        2026-11-01 to 2026-11-28 (UTC)
                        tenant   key        adapter    requests  errors  prompt  cached  completion     cost
                        acme     a,nna (3)  other/sql        12       1     300     100          40  0.00034
                        default  =x         tiny              1       0       3       0           4        0
                        """);
    }

    /** Lines that are no tenant's may be of several owners' adapters of one name. */
    @Test
    void namesTheOwnerWhereNoTenantIsTold() {
        String line =
                """
                {"day":null,"tenant":null,"key":null,"keyName":null,"base":"tiny","owner":"%s",
                 "adapter":"sql","version":1,"digest":"sha256:0","requests":1,"errors":0,
                 "promptTokens":3,"cachedTokens":0,"completionTokens":4,"cost":0}\
                """;
        String page =
                "{\"from\":\"2026-11-01\",\"to\":\"2026-11-28\",\"next\":null,\"items\":[%s,%s]}"
                        .formatted(line.formatted("acme"), line.formatted("other"));
        try (var catalog = new FakeHttp(_ -> Answer.json(200, page))) {
            assertThat(
                            CommandLineRun.of(
                                            "usage",
                                            "--by=version",
                                            "--catalog=" + catalog.address())
                                    .out())
                    .contains("acme/sql", "other/sql");
        }
    }

    @Test
    void writesTablesWithCommasThatHoldNoFormulas() {
        assertThat(run("--csv"))
                .isEqualTo(
                        """
                        day,tenant,key,keyName,base,owner,adapter,version,digest,requests,errors,\
                        promptTokens,cachedTokens,completionTokens,cost
                        ,acme,3,"a,nna",tiny,other,sql,,,12,1,300,100,40,0.00034
                        ,default,,'=x,tiny,,,,,1,0,3,0,4,0
                        """);
    }

    @Test
    void writesJsonWithAllPages() {
        JsonNode json = JsonMapper.shared().readTree(run("--json"));
        assertThat(json.path("items").size()).isEqualTo(2);
        assertThat(json.path("from").asString()).isEqualTo("2026-11-01");
    }

    @Test
    void asksForWhatItIsToldAndForOneFormAtATime() {
        try (var catalog = new FakeHttp(_ -> Answer.json(200, SECOND))) {
            CommandLineRun.of(
                    "usage",
                    "--from=2026-10-01",
                    "--tenant=team a",
                    "--by=day",
                    "--catalog=" + catalog.address());
            assertThat(catalog.requests().getFirst().line())
                    .isEqualTo("GET /admin/v1/usage?group=day&from=2026-10-01&tenant=team+a");
        }
        assertThat(CommandLineRun.of("usage", "--csv", "--json").exitCode()).isEqualTo(2);
    }

    private static String run(String... arguments) {
        try (var catalog =
                new FakeHttp(request ->
                        Answer.json(200, request.line().endsWith(NEXT) ? SECOND : FIRST))) {
            String[] all = new String[arguments.length + 2];
            all[0] = "usage";
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            all[arguments.length + 1] = "--catalog=" + catalog.address();
            CommandLineRun run = CommandLineRun.of(all);
            assertThat(run.exitCode()).as(run.err()).isZero();
            return run.out();
        }
    }
}
