package dev.weft.gateway.routing;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.await;
import static dev.weft.gateway.Gateways.chat;
import static dev.weft.gateway.Gateways.get;
import static dev.weft.gateway.Gateways.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import org.junit.jupiter.api.Test;

/** A catalog that holds an adapter under the base's name all the same. */
class BaseNameTest {
    @Test
    void requestsForTheBaseGetTheBase() throws Exception {
        try (FakeCatalog catalog =
                        new FakeCatalog(
                                FakeCatalog.adapter(BASE, 1), FakeCatalog.adapter("sql", 2));
                FakeWorker worker = new FakeWorker(BASE, 0);
                GatewayService gateway =
                        Gateways.start(catalog.address(), Gateways.PATIENCE, worker.address())) {
            Gateways.awaitReady(gateway);
            await(() -> get(gateway, "/v1/models").body().contains("sql"));

            assertThat(chat(gateway, "{\"model\":\"" + BASE + "\"}").statusCode()).isEqualTo(200);

            assertThat(worker.next().headers().contains("weft-adapter")).isFalse();
            assertThat(json(get(gateway, "/v1/models").body()).path("data")).hasSize(2);
            assertThat(json(get(gateway, "/v1/models/" + BASE).body()).path("parent").isNull())
                    .isTrue();
        }
    }
}
