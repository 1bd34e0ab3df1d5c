package dev.weft.gateway;

import dev.weft.protocol.feed.FeedFollower;
import dev.weft.service.ServiceApplication;
import dev.weft.service.ServiceName;
import dev.weft.service.ServiceStart;
import java.net.URI;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** A gateway that runs in this process. */
public final class GatewayService implements AutoCloseable {
    private final ConfigurableApplicationContext context;
    private final URI address;

    private GatewayService(ConfigurableApplicationContext context) {
        this.context = context;
        this.address = ServiceApplication.listens(context);
    }

    /**
     * Starts a gateway and returns once it listens. It needs neither catalog nor worker to start;
     * {@code /actuator/health/readiness} says when it can answer requests.
     *
     * @param start with a {@code ServedBases}; its addresses name a worker and the catalog
     * @throws RuntimeException if it can't start, e.g. because the port is taken
     */
    public static GatewayService start(ServiceStart start) {
        return new GatewayService(
                ServiceApplication.start(ServiceName.gateway, GatewayApplication.class, start));
    }

    /** True while it receives the catalog's feed. */
    public boolean catalogConnected() {
        return context.getBean(FeedFollower.class).connected();
    }

    /** Its context, for tests of its wiring. */
    ApplicationContext context() {
        return context;
    }

    /** The address that it listens at. */
    public URI address() {
        return address;
    }

    /**
     * Ends the gateway. Readiness answers 503 at once. Requests under way have {@code
     * weft.gateway.drain-timeout} to finish; then streams end with an error event, and the port is
     * released, within 3 s.
     */
    @Override
    public void close() {
        context.close();
    }
}
