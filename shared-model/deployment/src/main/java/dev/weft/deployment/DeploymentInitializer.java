package dev.weft.deployment;

import dev.weft.deployment.truss.FileFolders;
import dev.weft.protocol.adapter.ServedBases;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Reads the deployment file of a service that runs by itself, {@code --weft.deployment=FILE}, and
 * makes beans of its settings. Spring's command line, system properties and {@code WEFT_...}
 * variables win over the file. A service that a launcher starts has its settings already. Sections
 * of services that are not on the class path are ignored.
 */
@Order(50)
public final class DeploymentInitializer
        implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    private static final String FILE = "weft.deployment";

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        boolean read =
                context.getBeanFactory().getBeanNamesForType(Fleet.class).length > 0
                        || context.getBeanFactory().getBeanNamesForType(Deployment.class).length
                                > 0;
        String file = context.getEnvironment().getProperty(FILE);
        if (!read && file != null) {
            register(read(Path.of(file), context.getEnvironment()), context);
        }
    }

    private static Fleet read(Path file, ConfigurableEnvironment environment) {
        List<PropertySource<?>> outside = new ArrayList<>();
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof CommandLinePropertySource<?>
                    || source.getName()
                            .equals(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME)) {
                outside.add(source);
            }
        }
        outside.add(EnvironmentSource.of(System.getenv()));
        try {
            FileFolders folders =
                    FileFolders.of(environment.getProperty("spring.application.name"));
            return DeploymentFile.readPart(file, outside, folders);
        } catch (DeploymentException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private static void register(Fleet fleet, ConfigurableApplicationContext context) {
        ConfigurableListableBeanFactory beans = context.getBeanFactory();
        beans.registerSingleton(Fleet.class.getName(), fleet);
        if (fleet.isOne()) {
            beans.registerSingleton(Deployment.class.getName(), fleet.deployments().getFirst());
        }
        fleet.settings().registerIn(beans);
        beans.registerSingleton(ServedBases.class.getName(), new ServedBases(fleet.bases()));
    }
}
