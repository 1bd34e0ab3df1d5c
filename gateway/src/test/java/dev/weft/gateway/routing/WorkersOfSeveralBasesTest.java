package dev.weft.gateway.routing;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.await;
import static dev.weft.gateway.Gateways.chat;
import static dev.weft.gateway.Gateways.error;
import static dev.weft.gateway.Gateways.get;
import static dev.weft.gateway.Gateways.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayScrape;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.Audience;
import dev.weft.protocol.feed.CatalogBase;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.ServedVersion;
import dev.weft.protocol.feed.Share;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway before workers of different bases, over real HTTP. */
class WorkersOfSeveralBasesTest {
    private static final CatalogBase TINY = new CatalogBase(1, BASE, "HF:weft/tiny");
    private static final CatalogBase LLAMA = new CatalogBase(4, "llama", "HF:org/llama@12");

    private FakeCatalog catalog;
    private FakeWorker tiny;
    private FakeWorker llama;
    private GatewayService gateway;

    @BeforeEach
    void start() throws Exception {
        catalog =
                new FakeCatalog(
                        over("sql", 1, ServedVersion.FIRST_BASE),
                        over("json", 2, LLAMA.id()),
                        // the same content over both: a base's shapes may be another's
                        over("both", 1, LLAMA.id()));
        catalog.bases(TINY, LLAMA);
        tiny = new FakeWorker(BASE, 0);
        llama = new FakeWorker("llama", 0);
        gateway =
                Gateways.start(
                        catalog.address(),
                        List.of(tiny.address(), llama.address()),
                        "weft.gateway.queue.adapter-wait=1m");
        Gateways.awaitReady(gateway);
        await(() -> chat(gateway, body("llama")).statusCode() == 200);
        llama.next();
    }

    @AfterEach
    void stop() {
        gateway.close();
        tiny.close();
        llama.close();
        catalog.close();
    }

    @Test
    void requestsGoToWorkersOfTheirBase() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(chat(gateway, body(BASE)).statusCode()).isEqualTo(200);
            assertThat(tiny.next().headers().get("weft-adapter")).isNull();
            assertThat(chat(gateway, body("sql")).statusCode()).isEqualTo(200);
            assertThat(tiny.next().headers().get("weft-adapter")).endsWith("1");
            assertThat(chat(gateway, body("json")).statusCode()).isEqualTo(200);
            assertThat(llama.next().headers().get("weft-adapter")).endsWith("2");
            assertThat(chat(gateway, body("both")).statusCode()).isEqualTo(200);
            assertThat(llama.next().headers().get("weft-adapter")).endsWith("1");
        }
    }

    @Test
    void modelsAreThoseOfAllBasesWithTheirParents() throws Exception {
        assertThat(json(get(gateway, "/v1/models").body()).get("data"))
                .extracting(model ->
                        model.get("id").asString()
                                + " "
                                + model.get("root").asString()
                                + " "
                                + model.get("parent").asString(""))
                .containsExactly(
                        BASE + " HF:weft/tiny ",
                        "llama HF:weft/tiny ", // its worker says so
                        "both HF:weft/both@0123 llama",
                        "json HF:weft/json@0123 llama",
                        "sql HF:weft/sql@0123 " + BASE);
        assertThat(json(get(gateway, "/v1/models/json").body()).get("parent").asString())
                .isEqualTo("llama");
    }

    @Test
    void basesComeAndGoWithTheCatalogs() throws Exception {
        CatalogBase mistral = new CatalogBase(7, "mistral", "S3:s3://b/mistral");
        assertThat(chat(gateway, body("mistral")).statusCode()).isEqualTo(404);
        catalog.bases(TINY, LLAMA, mistral);
        catalog.publish(over("poems", 3, mistral.id()));
        await(() -> get(gateway, "/v1/models/poems").statusCode() == 200);
        assertThat(json(get(gateway, "/v1/models/mistral").body()).get("root").asString())
                .isEqualTo("S3:s3://b/mistral");
        for (String model : List.of("mistral", "poems")) {
            HttpResponse<String> answer = chat(gateway, body(model));
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(error(answer).get("message").asString()).contains(model);
        }
        catalog.withdraw("poems");
        catalog.bases(TINY, LLAMA);
        await(() -> chat(gateway, body("mistral")).statusCode() == 404);
        assertThat(chat(gateway, body(BASE)).statusCode()).isEqualTo(200);
    }

    @Test
    void whoWaitsForAnAdapterThatIsComingWaitsInTheQueueOfItsBase() throws Exception {
        catalog.coming("poems", LLAMA.id());
        CatalogView view = Gateways.context(gateway).getBean(CatalogView.class);
        await(() -> view.isComing("default", "poems"));
        CompletableFuture<HttpResponse<String>> answer =
                Gateways.CLIENT.sendAsync(
                        Gateways.post(gateway, "/v1/chat/completions", body("poems")),
                        HttpResponse.BodyHandlers.ofString());
        await(() -> waiting("llama") == 1);
        assertThat(waiting(BASE)).isZero();

        catalog.publish(over("poems", 3, LLAMA.id()));
        assertThat(llama.next().headers().get("weft-adapter")).endsWith("3");
        assertThat(answer.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(waiting("llama")).isZero();
    }

    private double waiting(String base) throws Exception {
        return GatewayScrape.of(gateway).sum("weft_gateway_waiting", "base", base);
    }

    @Test
    void answersCountUnderTheirBase() throws Exception {
        chat(gateway, body("json"));
        chat(gateway, body("sql"));
        chat(gateway, body(BASE));
        String requests = "gen_ai_server_request_duration_seconds_count";
        await(() -> GatewayScrape.of(gateway).sum(requests, "weft_adapter", BASE) == 1);
        GatewayScrape scrape = GatewayScrape.of(gateway);
        for (String[] counted :
                List.of(
                        new String[] {"json", "llama"},
                        new String[] {"sql", BASE},
                        new String[] {"llama", "llama"},
                        new String[] {BASE, BASE})) {
            assertThat(
                            scrape.sum(
                                    requests,
                                    "weft_adapter",
                                    counted[0],
                                    "gen_ai_request_model",
                                    counted[1]))
                    .as(counted[0])
                    .isEqualTo(scrape.sum(requests, "weft_adapter", counted[0]))
                    .isPositive();
        }
    }

    private static String body(String model) {
        return "{\"model\":\"" + model + "\"}";
    }

    private static CatalogEntry over(String name, long digest, long base) {
        ServedVersion any = FakeCatalog.adapter(name, digest).main().orElseThrow();
        ServedVersion version =
                new ServedVersion(
                        any.adapter(),
                        1,
                        any.digest(),
                        any.facts(),
                        any.root(),
                        any.created(),
                        base);
        return new CatalogEntry(
                AdapterId.of(name), List.of(new Share(version, 1)), Audience.NOBODY);
    }
}
