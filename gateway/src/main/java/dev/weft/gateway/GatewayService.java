package dev.weft.gateway;

import dev.weft.protocol.feed.FeedFollower;
import dev.weft.service.ServiceApplication;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** A running gateway. */
public final class GatewayService implements AutoCloseable {
    private final ConfigurableApplicationContext context;
    private final URI address;

    private GatewayService(ConfigurableApplicationContext context, URI address) {
        this.context = context;
        this.address = address;
    }

    /**
     * Starts a gateway and returns once it listens. It needs neither catalog nor worker to start;
     * {@code /actuator/health/readiness} says when it can answer requests.
     *
     * @throws RuntimeException if it can't start, e.g. because the port is taken
     */
    public static GatewayService start(GatewayOptions options) {
        SpringApplication application =
                ServiceApplication.of(GatewayApplication.class, "weft-gateway");
        application.setRegisterShutdownHook(false);
        Map<String, Object> properties = new HashMap<>(options.management().properties());
        properties.putAll(options.tls().properties(options.management().apart(), false));
        application.addInitializers(context ->
                context.getEnvironment()
                        .getPropertySources()
                        .addLast(new MapPropertySource("listeners", properties)));
        application.addInitializers(context ->
                ((GenericApplicationContext) context)
                        .registerBean(GatewayOptions.class, () -> options));
        ConfigurableApplicationContext context =
                application.run(
                        "--server.port=" + options.settings().port(),
                        "--server.address=" + options.bindAddress());
        int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        return new GatewayService(context, options.tls().address(options.bindAddress(), port));
    }

    /** True while it receives the catalog's feed. */
    public boolean catalogConnected() {
        return context.getBean(FeedFollower.class).connected();
    }

    /** For tests of its wiring. */
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
