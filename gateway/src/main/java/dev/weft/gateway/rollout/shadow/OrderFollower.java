package dev.weft.gateway.rollout.shadow;

import dev.weft.access.client.ServiceClient;
import dev.weft.protocol.feed.CatalogEndpoint;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.shadow.ShadowCodec;
import dev.weft.protocol.shadow.ShadowDemand;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the catalog every second which shadows run, and for tokens. One loop. */
final class OrderFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OrderFollower.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final Orders orders;
    private final ServiceClient catalog;
    private final URI address;
    private final Loop loop;
    private final String instance = "shadows-" + UUID.randomUUID();

    OrderFollower(Orders orders, CatalogEndpoint catalog, Loops loops) {
        this.orders = orders;
        this.catalog =
                new ServiceClient(
                        catalog.token(), catalog.client().connectTimeout(CONNECT_TIMEOUT).build());
        this.address = catalog.address().resolve(ShadowDemand.PATH);
        this.loop = loops.loop("shadow-orders", this::turn);
    }

    void start() {
        loop.start();
    }

    private Duration turn() throws InterruptedException {
        var demand = new ShadowDemand(instance, orders.wanted());
        try {
            HttpResponse<byte[]> answer =
                    catalog.exchange(
                            catalog.post(address, ShadowCodec.encode(demand)),
                            HttpResponse.BodyHandlers.ofByteArray(),
                            DEADLINE);
            if (answer.statusCode() == 200) {
                orders.take(ShadowCodec.orders(answer.body()));
            } else {
                LOG.debug("the catalog tells no shadows: {}", answer.statusCode());
            }
        } catch (IOException e) {
            LOG.debug("the catalog tells no shadows: {}", e.toString());
        }
        return PERIOD;
    }

    @Override
    public void close() {
        loop.close();
        catalog.close();
    }
}
