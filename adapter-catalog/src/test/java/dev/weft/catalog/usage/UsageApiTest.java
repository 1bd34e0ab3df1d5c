package dev.weft.catalog.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.RunningCatalog;
import dev.weft.protocol.usage.Payer;
import dev.weft.protocol.usage.UsageBatch;
import dev.weft.protocol.usage.UsageCodec;
import dev.weft.protocol.usage.UsageCounts;
import dev.weft.protocol.usage.UsageSubject;
import dev.weft.protocol.usage.Used;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Usage over HTTP: who sees what, as JSON and as a table. */
class UsageApiTest {
    private static final LocalDate DAY = LocalDate.parse("2026-11-05");
    private static final String NOVEMBER = "/admin/v1/usage?from=2026-11-01&to=2026-11-30";

    @TempDir private Path folder;
    @AutoClose private RunningCatalog catalog;

    @BeforeEach
    void start() throws Exception {
        catalog = RunningCatalog.start(folder);
    }

    @Test
    void aTenantSeesItsOwnAndAnAdminAll() throws Exception {
        String root = token(null, "root", "admin", null);
        String anna = token(root, "anna", "owner", "acme");
        String app = token(root, "app", "client", "acme");
        hand(root, 1, payer(7, "app", "acme"), payer(8, "=SUM(1)", "other"));

        assertThat(tenants(anna, NOVEMBER)).containsExactly("acme");
        assertThat(tenants(root, NOVEMBER)).containsExactly("acme", "other");
        assertThat(tenants(root, NOVEMBER + "&tenant=other")).containsExactly("other");
        assertThat(get(anna, NOVEMBER + "&tenant=other", null).statusCode()).isEqualTo(403);
        assertThat(get(app, NOVEMBER, null).statusCode()).isEqualTo(403);
        assertThat(get(null, NOVEMBER, null).statusCode()).isEqualTo(401);
        assertThat(post(anna, 2).statusCode()).isEqualTo(403);
    }

    @Test
    void aTableHasAllColumnsAndNoFormulas() throws Exception {
        hand(null, 1, payer(7, "a,p", "acme"), payer(8, "=SUM(1)", "other"));
        HttpResponse<String> table = get(null, NOVEMBER + "&group=day,key&size=1", "text/csv");
        assertThat(table.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/csv");
        assertThat(table.body())
                .isEqualTo(
                        """
                        day,tenant,key,keyName,base,owner,adapter,version,digest,requests,errors,\
                        promptTokens,cachedTokens,completionTokens,cost\r
                        2026-11-05,,7,"a,p",,,,,,2,1,30,0,12,0.000001500\r
                        """);
        String next = table.headers().firstValue("Link").orElseThrow();
        String address = next.substring(1, next.indexOf('>'));
        hand(null, 2, payer(6, "early", "acme"));
        HttpResponse<String> rest = get(null, address, "text/csv");
        assertThat(rest.body()).doesNotContain("a,p", "early");
        assertThat(rest.body()).contains("2026-11-05,,8,'=SUM(1),");
        assertThat(rest.headers().firstValue("Link")).isEmpty();
    }

    @Test
    void aQueryThatCantBeIsRefusedWithEveryFault() throws Exception {
        HttpResponse<String> answer =
                get(
                        null,
                        "/admin/v1/usage?from=today&group=day,colour&size=0&offset=-1&adapter=a%20b"
                                + "&to=2026-11-30&to=2026-12-01&x=1",
                        null);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(RunningCatalog.JSON.readTree(answer.body()).path("errors"))
                .extracting(error -> error.path("field").asString())
                .containsExactlyInAnyOrder("from", "group", "size", "offset", "adapter", "to", "x");
    }

    @Test
    void aPlaceThatIsNotOfSuchAPageIsRefused() throws Exception {
        hand(null, 1, payer(7, "app", "acme"), payer(8, "app", "other"));
        String next =
                RunningCatalog.JSON
                        .readTree(get(null, NOVEMBER + "&group=tenant&size=1", null).body())
                        .path("next")
                        .asString();
        assertThat(get(null, next, null).statusCode()).isEqualTo(200);
        String after = next.substring(next.indexOf("&after="));
        for (String bad :
                List.of(
                        NOVEMBER + "&group=key" + after,
                        NOVEMBER + "&group=day" + after,
                        NOVEMBER + "&group=tenant&after=x",
                        NOVEMBER + "&group=tenant&after=,",
                        NOVEMBER + "&group=tenant&after=")) {
            HttpResponse<String> answer = get(null, bad, null);
            assertThat(answer.statusCode()).as(bad).isEqualTo(400);
            assertThat(answer.body()).contains("what next of such a page has");
        }
    }

    @Test
    void aBatchThatCantBeReadIsRefusedAndCountsNothing() throws Exception {
        for (String bad :
                List.of(
                        "",
                        "[]",
                        "{}",
                        "null",
                        "{\"instance\":\"g\",\"number\":0,\"lines\":[]}",
                        "{\"instance\":\"g\",\"number\":1,\"lines\":[{\"day\":\"x\"}]}",
                        new String(
                                        UsageCodec.encode(batch(1, payer(7, "app", "acme"))),
                                        StandardCharsets.UTF_8)
                                .replace("\"requests\":2", "\"requests\":-2"))) {
            assertThat(catalog.post(UsageBatch.PATH, bad).statusCode()).as(bad).isEqualTo(400);
        }
        assertThat(tenants(null, NOVEMBER)).isEmpty();
    }

    private static Payer payer(long key, String name, String tenant) {
        return new Payer(key, name, tenant);
    }

    private void hand(@Nullable String token, long number, Payer... payers) throws Exception {
        assertThat(post(token, number, payers).statusCode()).isEqualTo(204);
        assertThat(post(token, number, payers).statusCode()).isEqualTo(204);
    }

    private HttpResponse<String> post(@Nullable String token, long number, Payer... payers)
            throws Exception {
        HttpRequest.Builder request =
                catalog.to(UsageBatch.PATH)
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofByteArray(
                                        UsageCodec.encode(batch(number, payers))));
        return send(token, request);
    }

    private static UsageBatch batch(long number, Payer... payers) {
        return new UsageBatch(
                "gateway-1",
                number,
                List.of(payers).stream()
                        .map(payer ->
                                new UsageBatch.Line(
                                        new UsageSubject(DAY, payer, new Used("acme/base", null)),
                                        new UsageCounts(2, 1, 30, 0, 12, 1500)))
                        .toList());
    }

    private List<String> tenants(@Nullable String token, String path) throws Exception {
        HttpResponse<String> answer = get(token, path + "&group=tenant", null);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return RunningCatalog.JSON
                .readTree(answer.body())
                .path("items")
                .valueStream()
                .map((JsonNode item) -> item.path("tenant").asString())
                .toList();
    }

    private String token(@Nullable String by, String name, String role, @Nullable String tenant)
            throws Exception {
        String more = tenant == null ? "" : ",\"tenant\":\"" + tenant + "\"";
        HttpRequest.Builder request =
                catalog.to("/admin/v1/tokens")
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"name\":\"%s\",\"role\":\"%s\"%s}"
                                                .formatted(name, role, more)));
        return RunningCatalog.JSON.readTree(send(by, request).body()).path("secret").asString();
    }

    private HttpResponse<String> get(@Nullable String token, String path, @Nullable String accept)
            throws Exception {
        HttpRequest.Builder request = catalog.to(path);
        return send(token, accept == null ? request : request.header("Accept", accept));
    }

    private HttpResponse<String> send(@Nullable String token, HttpRequest.Builder request)
            throws Exception {
        return catalog.client()
                .send(
                        token == null
                                ? request.build()
                                : request.header("Authorization", "Bearer " + token).build(),
                        BodyHandlers.ofString());
    }
}
