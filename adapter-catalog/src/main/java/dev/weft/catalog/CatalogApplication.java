package dev.weft.catalog;

import dev.weft.catalog.access.AccessConfiguration;
import dev.weft.catalog.adapter.AdapterConfiguration;
import dev.weft.catalog.alias.AliasConfiguration;
import dev.weft.catalog.artifact.ArtifactConfiguration;
import dev.weft.catalog.audit.AuditConfiguration;
import dev.weft.catalog.database.DatabaseConfiguration;
import dev.weft.catalog.feed.FeedConfiguration;
import dev.weft.catalog.ingest.IngestConfiguration;
import dev.weft.catalog.token.TokenConfiguration;
import dev.weft.catalog.trace.TraceConfiguration;
import dev.weft.catalog.web.WebConfiguration;
import dev.weft.catalog.worker.WorkerConfiguration;
import java.util.Map;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.context.annotation.Import;

/**
 * The catalog's application context. It names its parts, and neither scans nor guesses, because
 * other services with other libraries are on the same class path.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@Import({
    WebConfiguration.class,
    DatabaseConfiguration.class,
    StoreConfiguration.class,
    AccessConfiguration.class,
    ArtifactConfiguration.class,
    TraceConfiguration.class,
    IngestConfiguration.class,
    FeedConfiguration.class,
    AdapterConfiguration.class,
    AliasConfiguration.class,
    TokenConfiguration.class,
    AuditConfiguration.class,
    WorkerConfiguration.class
})
class CatalogApplication {

    /** The default properties of the context. */
    static Map<String, Object> defaultProperties() {
        return Map.ofEntries(
                Map.entry("spring.application.name", "weft-catalog"),
                Map.entry("spring.main.banner-mode", "off"),
                Map.entry("spring.main.log-startup-info", "false"),
                Map.entry("spring.webflux.problemdetails.enabled", "true"),
                Map.entry("server.shutdown", "graceful"),
                Map.entry("spring.lifecycle.timeout-per-shutdown-phase", "1s"),
                Map.entry("management.endpoints.web.exposure.include", "health,prometheus"),
                Map.entry("management.endpoint.health.probes.enabled", "true"),
                Map.entry(
                        "management.endpoint.health.group.readiness.include",
                        "readinessState,database,feed"),
                Map.entry("management.metrics.use-global-registry", "false"),
                // Flyway warns of each H2 that is newer than itself, springdoc of its own presence
                Map.entry("logging.level.org.flywaydb", "error"),
                Map.entry("logging.level.org.springdoc", "error"),
                // the pool logs its start and end
                Map.entry("logging.level.com.zaxxer.hikari", "warn"),
                Map.entry("springdoc.default-produces-media-type", "application/json"),
                Map.entry("springdoc.api-docs.path", "/openapi.json"),
                Map.entry("springdoc.swagger-ui.enabled", "false"),
                Map.entry("springdoc.writer-with-order-by-keys", "true"));
    }
}
