package dev.weft.gateway.queue;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.await;
import static dev.weft.gateway.Gateways.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.settings.bind.TestSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests for adapters that the catalog knows and is still making ready. */
class ComingAdaptersTest {
    private static final String BODY = "{\"model\":\"new\"}";

    private FakeCatalog catalog;
    private FakeWorker worker;

    @BeforeEach
    void start() throws Exception {
        catalog = new FakeCatalog(FakeCatalog.adapter("sql", 1));
        worker = new FakeWorker(BASE, 0);
    }

    @AfterEach
    void stop() {
        worker.close();
        catalog.close();
    }

    /** A gateway that knows that the adapter is coming. */
    private GatewayService gateway(String... settings) throws Exception {
        GatewayService gateway =
                GatewayService.start(
                        Gateways.options(catalog.address(), worker.address(), settings));
        Gateways.awaitReady(gateway);
        catalog.coming("new", true);
        CatalogView view = Gateways.context(gateway).getBean(CatalogView.class);
        await(() -> view.isComing("default", "new"));
        return gateway;
    }

    private static CompletableFuture<HttpResponse<String>> ask(GatewayService gateway) {
        return Gateways.CLIENT.sendAsync(
                Gateways.post(gateway, "/v1/chat/completions", BODY),
                HttpResponse.BodyHandlers.ofString());
    }

    private static void assertUnknown(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(error(answer).get("code").asString()).isEqualTo("model_not_found");
    }

    @Test
    void aRequestGoesOnOnceItsAdapterIsReady() throws Exception {
        try (GatewayService gateway = gateway("weft.gateway.queue.adapter-wait=1m")) {
            CompletableFuture<HttpResponse<String>> answer = ask(gateway);
            await(() -> Gateways.waiting(gateway) == 1);
            assertThat(Gateways.chat(gateway, "{\"model\":\"sql\"}").statusCode()).isEqualTo(200);
            worker.next();
            assertThat(answer).isNotDone();

            catalog.publish(FakeCatalog.adapter("new", 9));
            assertThat(worker.next().headers().get("weft-adapter")).endsWith("09");
            assertThat(answer.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            assertThat(
                            Gateways.context(gateway)
                                    .getBean(MeterRegistry.class)
                                    .get("weft.gateway.queue")
                                    .tag("reason", "adapter")
                                    .timer()
                                    .count())
                    .isEqualTo(1);
            assertThat(Gateways.waiting(gateway)).isZero();
        }
    }

    @Test
    void oneThatTakesTooLongIsAskedForLater() throws Exception {
        try (GatewayService gateway = gateway("weft.gateway.queue.adapter-wait=150ms")) {
            HttpResponse<String> late = ask(gateway).get(60, TimeUnit.SECONDS);
            assertThat(late.statusCode()).isEqualTo(503);
            assertThat(error(late).get("code").asString()).isEqualTo("adapter_loading");
            assertThat(late.headers().firstValueAsLong("Retry-After")).hasValue(2);
            assertThat(worker.gotNothing()).isTrue();
        }
    }

    @Test
    void aStreamHearsOfItByItsStatus() throws Exception {
        QueueSettings usual = TestSettings.of().get(QueueSettings.class);
        assertThat(usual.adapterWait().plusSeconds(2)).isLessThan(usual.keepAlive());
        try (GatewayService gateway = gateway("weft.gateway.queue.adapter-wait=150ms")) {
            HttpResponse<String> late =
                    Gateways.chat(gateway, "{\"model\":\"new\",\"stream\":true}");
            assertThat(late.statusCode()).isEqualTo(503);
            assertThat(error(late).get("code").asString()).isEqualTo("adapter_loading");
            assertThat(late.headers().firstValueAsLong("Retry-After")).hasValue(2);
        }
    }

    /** So say who waits for longer than streams stay silent. */
    @Test
    void aStreamThatWaitsForLongerIsKeptAlive() throws Exception {
        try (GatewayService gateway =
                gateway(
                        "weft.gateway.queue.adapter-wait=2s",
                        "weft.gateway.queue.keep-alive=50ms")) {
            HttpResponse<String> late =
                    Gateways.chat(gateway, "{\"model\":\"new\",\"stream\":true}");
            assertThat(late.statusCode()).isEqualTo(200);
            assertThat(late.body())
                    .startsWith(": waiting\n\n")
                    .contains("event: error\n", "\"code\":\"adapter_loading\"");
        }
    }

    @Test
    void oneThatIsRejectedDoesNotExist() throws Exception {
        try (GatewayService gateway = gateway("weft.gateway.queue.adapter-wait=1m")) {
            CompletableFuture<HttpResponse<String>> answer = ask(gateway);
            await(() -> Gateways.waiting(gateway) == 1);
            catalog.coming("new", false);
            assertUnknown(answer.get(60, TimeUnit.SECONDS));
            assertUnknown(ask(gateway).get(60, TimeUnit.SECONDS));
        }
    }

    @Test
    void thoseThatWaitAreAmongTheBounded() throws Exception {
        try (GatewayService gateway =
                gateway(
                        "weft.gateway.queue.adapter-wait=1m",
                        "weft.gateway.queue.max-requests=1")) {
            CompletableFuture<HttpResponse<String>> first = ask(gateway);
            await(() -> Gateways.waiting(gateway) == 1);
            HttpResponse<String> refused = ask(gateway).get(60, TimeUnit.SECONDS);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(error(refused).get("code").asString()).isEqualTo("overloaded");
            catalog.publish(FakeCatalog.adapter("new", 9));
            assertThat(first.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
    }

    /** The request that waits has taken its own part of the limit, and takes it once. */
    @Test
    void whoHasReachedALimitDoesNotWait() throws Exception {
        catalog.tokens.put("key", Optional.of("default"));
        catalog.accounts.put("key", ",\"limits\":{\"requestsPerMinute\":1}");
        try (GatewayService gateway =
                gateway("weft.access.keys=true", "weft.gateway.queue.adapter-wait=1m")) {
            CompletableFuture<HttpResponse<String>> first =
                    Gateways.CLIENT.sendAsync(
                            ofKey(gateway, "key"), HttpResponse.BodyHandlers.ofString());
            await(() -> Gateways.waiting(gateway) == 1);
            HttpResponse<String> refused = Gateways.send(ofKey(gateway, "key"));
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(error(refused).get("code").asString()).isEqualTo("rate_limit_exceeded");
            assertThat(Gateways.waiting(gateway)).isEqualTo(1);

            catalog.publish(FakeCatalog.adapter("new", 9));
            HttpResponse<String> answer = first.get(60, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValueAsLong("x-ratelimit-remaining-requests"))
                    .hasValue(0);
        }
    }

    @Test
    void nobodyElseLearnsOfIt() throws Exception {
        catalog.tokens.put("key", Optional.of("team"));
        catalog.tokens.put("narrow", Optional.of("default"));
        catalog.accounts.put("narrow", ",\"limits\":{\"models\":[\"sql\"]}");
        try (GatewayService gateway = gateway("weft.access.keys=true")) {
            for (String key : List.of("key", "narrow")) {
                assertUnknown(Gateways.send(ofKey(gateway, key)));
            }
        }
    }

    private static HttpRequest ofKey(GatewayService gateway, String key) {
        return HttpRequest.newBuilder(gateway.address().resolve("/v1/chat/completions"))
                .header("Authorization", "Bearer " + key)
                .POST(HttpRequest.BodyPublishers.ofString(BODY))
                .build();
    }
}
