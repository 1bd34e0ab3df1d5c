package dev.weft.service;

import dev.weft.service.settings.LogSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.annotation.Order;

/**
 * Warns if {@code weft.log.format} has no effect because Spring Boot sets up this service's log.
 */
@Order(ListenerInitializer.ORDER + 100)
final class LogInitializer
        implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    private static final Logger LOG = LoggerFactory.getLogger(LogInitializer.class);

    private static final String STRUCTURED = "logging.structured.format.console";

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        boolean ours = LoggingSystem.NONE.equals(System.getProperty(LoggingSystem.SYSTEM_PROPERTY));
        LogSettings log = context.getBeanFactory().getBean(LogSettings.class);
        if (!ours
                && log.format() == LogSettings.Format.JSON
                && !context.getEnvironment().containsProperty(STRUCTURED)) {
            LOG.warn(
                    "weft.log.format: json has no effect on a service that runs without the"
                            + " launcher; {}: logstash (or ecs, gelf) makes its lines JSON",
                    STRUCTURED);
        }
    }
}
