package dev.weft.service;

import java.net.URL;
import java.util.Map;
import org.springframework.boot.SpringApplication;

/** Makes the Spring application of a service. */
public final class ServiceApplication {
    private static final String FILE = "application.yaml";

    private ServiceApplication() {}

    /**
     * The application of a class with {@link WeftService}. Its defaults are the {@code
     * application.yaml} beside that class: in {@code ./weft serve} the class path has one of each
     * service. An operator's own file is {@code NAME.yaml} in the working folder or in its {@code
     * config}, where NAME is that of the application, e.g. {@code weft-gateway}.
     *
     * @param name of the application
     */
    public static SpringApplication of(Class<?> service, String name) {
        SpringApplication application = new SpringApplication(service);
        application.setDefaultProperties(
                Map.of(
                        "spring.application.name",
                        name,
                        "spring.config.location",
                        String.join(
                                ",",
                                defaults(service),
                                "optional:file:./" + name + ".yaml",
                                "optional:file:./config/" + name + ".yaml")));
        return application;
    }

    private static String defaults(Class<?> service) {
        URL place = service.getProtectionDomain().getCodeSource().getLocation();
        return place.getPath().endsWith("/") ? place + FILE : "jar:" + place + "!/" + FILE;
    }
}
