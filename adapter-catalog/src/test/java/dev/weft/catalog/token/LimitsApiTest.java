package dev.weft.catalog.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.RunningCatalog;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.FeedFollower;
import dev.weft.protocol.usage.Payer;
import dev.weft.protocol.usage.UsageBatch;
import dev.weft.protocol.usage.UsageCodec;
import dev.weft.protocol.usage.UsageCounts;
import dev.weft.protocol.usage.UsageSubject;
import dev.weft.protocol.usage.Used;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Limits of tokens over HTTP, and what gateways are told of them. */
class LimitsApiTest {
    private static final String APP =
            """
            {"name":"app","role":"client","tenant":"acme","models":["sql-*"],
             "requestsPerMinute":60,"tokensPerMinute":1000,"concurrentStreams":2,
             "budget":{"tokens":500,"money":1.25},"priority":"low"}\
            """;

    @TempDir private Path folder;
    @AutoClose private RunningCatalog catalog;
    private String root = "";

    @BeforeEach
    void start() throws Exception {
        catalog = RunningCatalog.start(folder);
        root = made("{\"name\":\"root\",\"role\":\"admin\"}").path("secret").asString();
    }

    @Test
    void limitsAreShownAndToldToGatewaysWithWhatIsSpent() throws Exception {
        JsonNode app = made(APP);
        long id = app.path("id").asLong();
        assertThat(app.path("priority").asString()).isEqualTo("low");
        assertThat(app.path("models").get(0).asString()).isEqualTo("sql-*");
        assertThat(app.path("budget").path("money").decimalValue()).isEqualByComparingTo("1.25");
        use(id, 120, 40_000_000);

        JsonNode key = whose(app).path("key");
        assertThat(key.path("id").asLong()).isEqualTo(id);
        assertThat(key.path("limits"))
                .isEqualTo(
                        RunningCatalog.JSON.readTree(
                                "{\"models\":[\"sql-*\"],\"requestsPerMinute\":60,"
                                        + "\"tokensPerMinute\":1000,\"concurrentStreams\":2,"
                                        + "\"budgetTokens\":500,\"budgetNanos\":1250000000,"
                                        + "\"priority\":\"low\"}"));
        assertThat(key.path("spent").path("month").asString()).isEqualTo(month().toString());
        assertThat(key.path("spent").path("tokens").asLong()).isEqualTo(120);
        assertThat(key.path("spent").path("nanos").asLong()).isEqualTo(40_000_000);
    }

    @Test
    void aTokenThatTakesAnothersPlaceHasItsAccountAndLimits() throws Exception {
        JsonNode app = made(APP);
        long id = app.path("id").asLong();
        use(id, 120, 0);
        JsonNode next = sent("POST", "/admin/v1/tokens/" + id + "/rotate", "", 201);
        assertThat(whose(next).path("key")).isEqualTo(whose(app).path("key"));

        long other = next.path("id").asLong();
        sent("PATCH", "/admin/v1/tokens/" + other, "{\"requestsPerMinute\":7}", 200);
        for (JsonNode token : List.of(app, next)) {
            assertThat(whose(token).path("key").path("limits").path("requestsPerMinute").asLong())
                    .isEqualTo(7);
        }
    }

    @Test
    void aChangeLeavesTheRestAndTheFeedTellsOfIt() throws Exception {
        JsonNode app = made(APP);
        BlockingQueue<String> changed = new LinkedBlockingQueue<>();
        CatalogView view = new CatalogView();
        view.whenATokenChanges(changed::add);
        try (FeedFollower feed = follower(view)) {
            feed.start();
            while (!view.initialised()) {
                Thread.sleep(5);
            }
            JsonNode now =
                    sent(
                            "PATCH",
                            "/admin/v1/tokens/" + app.path("id").asLong(),
                            "{\"budget\":null,\"models\":null,\"priority\":null,"
                                    + "\"expires\":\"30d\"}",
                            200);
            assertThat(now.path("budget").isNull()).isTrue();
            assertThat(now.path("priority").asString()).isEqualTo("normal");
            assertThat(now.path("models").isEmpty()).isTrue();
            assertThat(now.path("requestsPerMinute").asLong()).isEqualTo(60);
            assertThat(now.path("expiresAt").isString()).isTrue();
            assertThat(now.path("secret").isNull()).isTrue();
            assertThat(changed.poll(1, TimeUnit.MINUTES)).isNotNull();
        }
        JsonNode audit = sent("GET", "/admin/v1/audit?tenant=acme", "", 200).path("items").get(0);
        assertThat(audit.path("action").asString()).isEqualTo("token.change");
        assertThat(audit.path("before").path("limits").path("budgetTokens").asLong())
                .isEqualTo(500);
        assertThat(audit.path("after").path("limits").has("budgetTokens")).isFalse();
    }

    @Test
    void limitsThatCantBeAreRefusedWithEveryFault() throws Exception {
        String bad =
                "{\"models\":[\"a b\"],\"requestsPerMinute\":0,\"tokensPerMinute\":\"1\","
                        + "\"concurrentStreams\":1.5,\"budget\":{\"money\":-1},"
                        + "\"priority\":\"HIGH\",\"x\":1}";
        long id = made(APP).path("id").asLong();
        for (String money : List.of("98765432.1234567891", "1000000000.00000001")) {
            sent("PATCH", "/admin/v1/tokens/" + id, "{\"budget\":{\"money\":" + money + "}}", 400);
        }
        JsonNode problem = sent("PATCH", "/admin/v1/tokens/" + id, bad, 400);
        assertThat(problem.path("errors"))
                .extracting(error -> error.path("field").asString())
                .containsExactlyInAnyOrder(
                        "models",
                        "requestsPerMinute",
                        "tokensPerMinute",
                        "concurrentStreams",
                        "budget",
                        "priority",
                        "x");
        sent("PATCH", "/admin/v1/tokens/999", "{}", 404);
        JsonNode service =
                sent(
                        "POST",
                        "/admin/v1/tokens",
                        "{\"name\":\"fleet\",\"role\":\"service\",\"requestsPerMinute\":5}",
                        400);
        assertThat(service.path("detail").asString()).contains("none for role service");
    }

    private FeedFollower follower(CatalogView view) {
        return catalog.follower(view, root);
    }

    private JsonNode made(String body) throws Exception {
        return sent("POST", "/admin/v1/tokens", body, 201);
    }

    private JsonNode whose(JsonNode token) throws Exception {
        return sent(
                "POST",
                "/access/v1/whose",
                "{\"token\":\"" + token.path("secret").asString() + "\"}",
                200);
    }

    private void use(long key, long tokens, long nanos) throws Exception {
        byte[] batch =
                UsageCodec.encode(
                        new UsageBatch(
                                "gateway-1",
                                1,
                                List.of(
                                        line(month(), key, tokens, nanos),
                                        line(month().minusDays(1), key, 1_000, 1_000))));
        sent("POST", UsageBatch.PATH, new String(batch, StandardCharsets.UTF_8), 204);
    }

    private static UsageBatch.Line line(LocalDate day, long key, long tokens, long nanos) {
        return new UsageBatch.Line(
                new UsageSubject(day, new Payer(key, "app", "acme"), new Used("acme/base", null)),
                new UsageCounts(1, 0, tokens / 2, 0, tokens - tokens / 2, nanos));
    }

    private static LocalDate month() {
        return LocalDate.now(ZoneOffset.UTC).withDayOfMonth(1);
    }

    private JsonNode sent(String method, String path, String body, int status) throws Exception {
        var request =
                catalog.to(path)
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(body));
        if (!root.isEmpty()) {
            request.header("Authorization", "Bearer " + root);
        }
        HttpResponse<String> answer =
                catalog.client().send(request.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return RunningCatalog.JSON.readTree(answer.body().isEmpty() ? "{}" : answer.body());
    }
}
