package dev.weft.gateway;

import dev.weft.gateway.forward.Closing;
import java.net.URI;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** A running gateway. */
public final class GatewayService implements AutoCloseable {
    private final ConfigurableApplicationContext context;
    private final URI address;

    private GatewayService(ConfigurableApplicationContext context, URI address) {
        this.context = context;
        this.address = address;
    }

    /**
     * Starts a gateway and returns once it listens. It needs neither catalog nor worker for that;
     * {@code /actuator/health/readiness} says when requests will be answered.
     *
     * @throws RuntimeException where it cannot, e.g. where the port is taken
     */
    public static GatewayService start(GatewayOptions options) {
        SpringApplication application = new SpringApplication(GatewayApplication.class);
        application.setWebApplicationType(WebApplicationType.REACTIVE);
        application.setBannerMode(Banner.Mode.OFF);
        application.setRegisterShutdownHook(false);
        application.setLogStartupInfo(false);
        application.setLazyInitialization(true);
        application.setDefaultProperties(GatewayApplication.defaultProperties());
        application.addInitializers(context ->
                ((GenericApplicationContext) context)
                        .registerBean(GatewayOptions.class, () -> options));
        ConfigurableApplicationContext context =
                application.run(
                        "--server.port=" + options.settings().port(),
                        "--server.address=" + options.bindAddress());
        int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        return new GatewayService(
                context, URI.create("http://" + options.bindAddress() + ":" + port));
    }

    /** Where it listens. */
    public URI address() {
        return address;
    }

    /**
     * Ends streams under way with an error event, takes no more requests and lets go of the port;
     * takes at most 3 s.
     */
    @Override
    public void close() {
        context.getBean(Closing.class).begin();
        context.close();
    }
}
