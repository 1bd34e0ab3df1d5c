package dev.weft.gateway.access;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.error;
import static dev.weft.gateway.Gateways.json;
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
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A gateway that asks for tokens, over real HTTP. */
class KeysTest {
    private static final Duration AN_ANSWERS_TIME = Duration.ofSeconds(5);

    private final AtomicReference<Instant> now = new AtomicReference<>(Gateways.STARTED);

    private FakeCatalog catalog;
    private FakeWorker worker;
    private GatewayService gateway;

    @BeforeEach
    void start() throws Exception {
        catalog =
                new FakeCatalog(
                        entry("acme", "sql", 1, Audience.NOBODY),
                        entry("acme", "open", 2, new Audience(List.of("other"))),
                        entry("other", "sql", 3, Audience.NOBODY),
                        entry("default", "plain", 4, Audience.NOBODY));
        catalog.tokens.put("a-key", Optional.of("acme"));
        catalog.tokens.put("o-key", Optional.of("other"));
        catalog.tokens.put("root", Optional.empty());
        worker = new FakeWorker(BASE, 0);
        InstantSource time = now::get;
        gateway =
                Gateways.startWithKeys(
                        catalog.address(), time.withZone(ZoneOffset.UTC), worker.address());
        Gateways.awaitReady(gateway);
    }

    @AfterEach
    void stop() {
        gateway.close();
        worker.close();
        catalog.close();
    }

    @Test
    void aTenantGetsItsOwnAndWhatIsSharedWithIt() throws Exception {
        assertThat(digest("a-key", "sql")).endsWith("1");
        assertThat(digest("o-key", "sql")).endsWith("3");
        assertThat(digest("o-key", "acme/open")).endsWith("2");
        assertThat(digest("root", "plain")).endsWith("4");
        for (String[] each :
                new String[][] {
                    {"o-key", "acme/sql"},
                    {"o-key", "plain"},
                    {"a-key", "other/sql"},
                    {"a-key", "nobody"},
                    {"root", "sql"}
                }) {
            HttpResponse<String> answer = ask(each[0], each[1]);
            assertThat(answer.statusCode()).as(each[1]).isEqualTo(404);
            assertThat(error(answer).get("code").asString()).isEqualTo("model_not_found");
        }
        assertThat(models("o-key")).containsExactly(BASE, "acme/open", "sql");
        assertThat(models("a-key")).containsExactly(BASE, "open", "sql");
    }

    @Test
    void aVersionIsNamedAsItsCallerCanPinIt() throws Exception {
        ServedVersion hidden =
                entry("acme", "sql", 1, Audience.NOBODY).shares().getFirst().version();
        Audience other = new Audience(List.of("other"));
        catalog.publish(
                new CatalogEntry(
                        new AdapterId("acme", "prod"), List.of(new Share(hidden, 1)), other));
        catalog.publish(entry("other", "open", 6, Audience.NOBODY));
        Gateways.await(() -> models("o-key").contains("open"));
        for (String[] each :
                new String[][] {
                    {"a-key", "open", "open@1"},
                    {"a-key", "prod", "sql@1"},
                    {"o-key", "open", "open@1"},
                    {"o-key", "acme/open", "acme/open@1"},
                    {"o-key", "acme/prod", hidden.digest().toString()}
                }) {
            String digest = digest(each[0], each[1]);
            assertThat(ask(each[0], each[1]).headers().firstValue("weft-version"))
                    .contains(each[2]);
            assertThat(worker.next().headers().get("weft-adapter")).isEqualTo(digest);
            assertThat(digest(each[0], each[2])).as(each[2]).isEqualTo(digest);
        }
    }

    @Test
    void theWorkerIsToldTheTenantWhateverTheClientSays() throws Exception {
        for (String[] each :
                new String[][] {{"a-key", "acme"}, {"o-key", "other"}, {"root", "default"}}) {
            HttpRequest request =
                    HttpRequest.newBuilder(request(each[0], BASE), (_, _) -> true)
                            .header("weft-tenant", "nobody")
                            .build();
            assertThat(send(request).statusCode()).isEqualTo(200);
            assertThat(worker.next().headers().getAll("weft-tenant")).containsExactly(each[1]);
        }
    }

    @Test
    void messagesTakeTheirKeyFromItsOwnHeaderToo() throws Exception {
        assertThat(withApiKey("/v1/messages", "a-key").statusCode()).isEqualTo(200);
        HttpResponse<String> wrong = withApiKey("/v1/messages", "wrong");
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(error(wrong).get("type").asString()).isEqualTo("authentication_error");
        assertThat(withApiKey("/v1/chat/completions", "a-key").statusCode()).isEqualTo(401);
        assertThat(worker.next().headers().contains("x-api-key")).isFalse();
    }

    private HttpResponse<String> withApiKey(String path, String key) throws Exception {
        return send(
                HttpRequest.newBuilder(post(gateway, path, "{\"model\":\"sql\"}"), (_, _) -> true)
                        .header("x-api-key", key)
                        .build());
    }

    @Test
    void withoutAValidTokenNothingIsServed() throws Exception {
        for (HttpResponse<String> answer :
                List.of(
                        ask("wrong", BASE),
                        send(post(gateway, "/v1/chat/completions", "{\"model\":\"sql\"}")),
                        Gateways.get(gateway, "/v1/models"))) {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
            assertThat(error(answer).get("code").asString()).isEqualTo("invalid_api_key");
        }
        assertThat(worker.gotNothing()).isTrue();
    }

    @Test
    void anAnswerIsRememberedForAWhileAndATokenThatWasTakenBackIsRefusedThen() throws Exception {
        assertThat(ask("a-key", "sql").statusCode()).isEqualTo(200);
        assertThat(ask("a-key", "sql").statusCode()).isEqualTo(200);
        assertThat(catalog.questions.get()).isEqualTo(1);
        catalog.tokens.remove("a-key");
        assertThat(ask("a-key", "sql").statusCode()).isEqualTo(200);
        now.updateAndGet(time -> time.plusSeconds(5));
        assertThat(ask("a-key", "sql").statusCode()).isEqualTo(401);
    }

    @Test
    void whileTheCatalogIsAwayKnownTokensGoOnAndOthersAreToldToTryAgain() throws Exception {
        assertThat(ask("a-key", "sql").statusCode()).isEqualTo(200);
        catalog.close();
        now.updateAndGet(time -> time.plusSeconds(5));
        assertThat(ask("a-key", "sql").statusCode()).isEqualTo(200);
        HttpResponse<String> unknown = ask("o-key", "sql");
        assertThat(unknown.statusCode()).isEqualTo(503);
        assertThat(error(unknown).get("code").asString()).isEqualTo("access_unavailable");
        assertThat(unknown.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void aTokenThatWasTakenBackIsRefusedAtOnceAlsoWhereTheCatalogGoesAwayThen() throws Exception {
        assertThat(ask("a-key", "sql").statusCode()).isEqualTo(200);
        catalog.revoke("a-key");
        Gateways.await(() -> ask("a-key", "sql").statusCode() == 401);

        assertThat(ask("o-key", "sql").statusCode()).isNotEqualTo(401);
        catalog.revoke("o-key");
        // What comes behind it has arrived, so it has too; a closed socket may lose what is under
        // way.
        catalog.publish(entry("default", "later", 5, Audience.NOBODY));
        Gateways.await(() -> models("root").contains("later"));
        catalog.close();
        // a request that was not quite over has asked for the changed key; that answer counts for a
        // while
        now.set(now.get().plus(AN_ANSWERS_TIME));
        Gateways.await(() -> ask("o-key", "sql").statusCode() == 503);
    }

    private String digest(String token, String model) throws Exception {
        assertThat(ask(token, model).statusCode()).as(model).isEqualTo(200);
        return worker.next().headers().get("weft-adapter");
    }

    private HttpResponse<String> ask(String token, String model) throws Exception {
        return send(request(token, model));
    }

    private HttpRequest request(String token, String model) {
        return HttpRequest.newBuilder(
                        post(gateway, "/v1/chat/completions", "{\"model\":\"" + model + "\"}"),
                        (_, _) -> true)
                .header("Authorization", "Bearer " + token)
                .build();
    }

    private List<String> models(String token) throws Exception {
        HttpResponse<String> answer =
                send(
                        HttpRequest.newBuilder(gateway.address().resolve("/v1/models"))
                                .header("Authorization", "Bearer " + token)
                                .build());
        return json(answer.body())
                .get("data")
                .valueStream()
                .map((JsonNode model) -> model.get("id").asString())
                .toList();
    }

    private static CatalogEntry entry(String tenant, String name, long number, Audience audience) {
        ServedVersion any = FakeCatalog.adapter(name, number).shares().getFirst().version();
        AdapterId id = new AdapterId(tenant, name);
        return new CatalogEntry(
                id,
                List.of(
                        new Share(
                                new ServedVersion(
                                        id,
                                        1,
                                        any.digest(),
                                        any.facts(),
                                        any.root(),
                                        any.created()),
                                1)),
                audience);
    }
}
