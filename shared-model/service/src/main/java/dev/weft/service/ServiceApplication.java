package dev.weft.service;

import dev.weft.access.tls.ServiceTls;
import dev.weft.service.settings.AddressSettings;
import java.net.URI;
import java.net.URL;
import java.util.Locale;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** Makes and starts the Spring application of a service. */
public final class ServiceApplication {
    private static final String FILE = "application.yaml";

    private ServiceApplication() {}

    /**
     * Runs a service in a process of its own, until it is told to end.
     *
     * @param service class with {@link WeftService}
     * @param arguments Spring's, e.g. {@code --weft.deployment=weft.yaml --weft.gateway.port=9000}
     */
    public static void run(ServiceName name, Class<?> service, String... arguments) {
        // numbers in files and messages have the same digits everywhere
        Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
        of(name, service).run(arguments);
    }

    /**
     * Starts a service in this process, where others may be too. Its ports are those of the start,
     * whatever Spring's own {@code server.port} says, since several services would share that.
     *
     * @return its context, which listens
     * @throws RuntimeException if it can't start
     */
    public static ConfigurableApplicationContext start(
            ServiceName name, Class<?> service, ServiceStart start) {
        SpringApplication application = of(name, service);
        application.setRegisterShutdownHook(false);
        application.addInitializers(new StartInitializer(start));
        AddressSettings addresses = start.settings().get(AddressSettings.class);
        return application.run(
                "--server.port=" + name.ports(addresses).port(),
                "--server.address=" + addresses.bindAddress());
    }

    /** The address that a service listens on. */
    public static URI listens(ConfigurableApplicationContext context) {
        return tls(context).address(bindAddress(context), port(context));
    }

    /** The address at which a service is reached from its own machine. */
    public static URI reachable(ConfigurableApplicationContext context) {
        return tls(context).reachable(bindAddress(context), port(context));
    }

    private static ServiceTls tls(ConfigurableApplicationContext context) {
        return context.getBean(ServiceTls.class);
    }

    private static String bindAddress(ConfigurableApplicationContext context) {
        return context.getBean(AddressSettings.class).bindAddress();
    }

    private static int port(ConfigurableApplicationContext context) {
        WebServer server = ((WebServerApplicationContext) context).getWebServer();
        if (server == null) {
            throw new IllegalStateException("the HTTP server is closed");
        }
        return server.getPort();
    }

    /**
     * The application of a service. Its defaults are the {@code application.yaml} beside its class:
     * in {@code ./weft serve} the class path has one of each service. An operator's own file is
     * {@code weft-gateway.yaml}, say, in the working folder or in its {@code config}.
     */
    private static SpringApplication of(ServiceName name, Class<?> service) {
        SpringApplication application = new SpringApplication(service);
        application.setDefaultProperties(
                Map.of(
                        "spring.application.name",
                        name.application(),
                        "spring.config.location",
                        String.join(
                                ",",
                                defaults(service),
                                "optional:file:./" + name.application() + ".yaml",
                                "optional:file:./config/" + name.application() + ".yaml")));
        application.addInitializers(new ListenerInitializer(name), new LogInitializer());
        return application;
    }

    private static String defaults(Class<?> service) {
        URL place = service.getProtectionDomain().getCodeSource().getLocation();
        return place.getPath().endsWith("/") ? place + FILE : "jar:" + place + "!/" + FILE;
    }
}
