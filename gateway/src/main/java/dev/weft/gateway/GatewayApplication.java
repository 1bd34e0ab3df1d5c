package dev.weft.gateway;

import dev.weft.access.ServiceAccess;
import dev.weft.access.holder.Loopback;
import dev.weft.access.tls.ServiceTls;
import dev.weft.bounds.memory.MemoryMetrics;
import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.deployment.WeftSettings;
import dev.weft.gateway.access.AccessConfiguration;
import dev.weft.gateway.error.ErrorConfiguration;
import dev.weft.gateway.forward.ForwardConfiguration;
import dev.weft.gateway.health.HealthConfiguration;
import dev.weft.gateway.measure.MeasureConfiguration;
import dev.weft.gateway.models.ModelsConfiguration;
import dev.weft.gateway.routing.RoutingConfiguration;
import dev.weft.gateway.routing.ServedBase;
import dev.weft.gateway.trace.TraceConfiguration;
import dev.weft.gateway.worker.WorkerPool;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.FeedFollower;
import dev.weft.protocol.loop.LoopMetrics;
import dev.weft.protocol.loop.Loops;
import dev.weft.tracing.TracingSettings;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.jvm.JvmMetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.ssl.SslMetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.system.SystemMetricsAutoConfiguration;
import org.springframework.boot.reactor.autoconfigure.ReactorAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.actuate.web.server.NettyReactiveManagementContextAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.actuate.endpoint.web.WebFluxHealthEndpointExtensionAutoConfiguration;
import org.springframework.cloud.gateway.config.GatewayAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

/**
 * The application context of a gateway. Auto-configurations are named one by one. In the standalone
 * JVM the class path holds those of the catalog and the worker as well, which the gateway must not
 * start.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({
    ApplicationAvailabilityAutoConfiguration.class,
    LifecycleAutoConfiguration.class,
    SslAutoConfiguration.class,
    JacksonAutoConfiguration.class,
    CodecsAutoConfiguration.class,
    ReactorAutoConfiguration.class,
    NettyReactiveWebServerAutoConfiguration.class,
    HttpHandlerAutoConfiguration.class,
    WebFluxAutoConfiguration.class,
    GatewayAutoConfiguration.class,
    EndpointAutoConfiguration.class,
    WebEndpointAutoConfiguration.class,
    ManagementContextAutoConfiguration.class,
    NettyReactiveManagementContextAutoConfiguration.class,
    JacksonEndpointAutoConfiguration.class,
    HealthContributorAutoConfiguration.class,
    HealthContributorRegistryAutoConfiguration.class,
    HealthEndpointAutoConfiguration.class,
    WebFluxHealthEndpointExtensionAutoConfiguration.class,
    AvailabilityHealthContributorAutoConfiguration.class,
    AvailabilityProbesAutoConfiguration.class,
    MetricsAutoConfiguration.class,
    CompositeMeterRegistryAutoConfiguration.class,
    PrometheusMetricsExportAutoConfiguration.class,
    JvmMetricsAutoConfiguration.class,
    SslMetricsAutoConfiguration.class,
    SystemMetricsAutoConfiguration.class
})
@Import({
    AccessConfiguration.class,
    ErrorConfiguration.class,
    RoutingConfiguration.class,
    ModelsConfiguration.class,
    ForwardConfiguration.class,
    MeasureConfiguration.class,
    TraceConfiguration.class,
    HealthConfiguration.class,
    NettyConfiguration.class
})
class GatewayApplication {
    private static final String GATEWAY = "spring.cloud.gateway.server.webflux.";
    private static final String CLIENT = "management.prometheus.metrics.export.properties.";

    /**
     * Properties that an operator may override by Spring's own means; {@code weft:} sets the rest.
     */
    static Map<String, Object> defaultProperties() {
        return Map.ofEntries(
                Map.entry("spring.config.name", "weft-gateway"),
                Map.entry("spring.application.name", "weft-gateway"),
                Map.entry("spring.jmx.enabled", "false"),
                Map.entry("server.shutdown", "graceful"),
                Map.entry("server.netty.idle-timeout", "120s"),
                Map.entry("spring.lifecycle.timeout-per-shutdown-phase", "2s"),
                Map.entry("management.endpoints.web.exposure.include", "health,prometheus"),
                Map.entry("management.endpoint.health.probes.enabled", "true"),
                Map.entry(
                        "management.endpoint.health.group.readiness.include",
                        "readinessState,gateway"),
                // A scrape sees the last one; looking for others ten times a second costs more.
                Map.entry(CLIENT + "io.prometheus.exemplars.sampleIntervalMilliseconds", "1000"),
                Map.entry(GATEWAY + "httpclient.pool.max-idle-time", "30s"),
                // another filter, which keeps to event loops, replaces it
                Map.entry(GATEWAY + "global-filter.netty-routing.enabled", "false"),
                Map.entry(GATEWAY + "predicate.weight.enabled", "false"));
    }

    @Bean
    WeftSettings.Gateway settings(GatewayOptions options) {
        return options.settings();
    }

    @Bean
    WeftSettings.Metrics metrics(GatewayOptions options) {
        return options.metrics();
    }

    @Bean
    ServiceAccess access(GatewayOptions options) {
        return new ServiceAccess(
                options.keys(),
                Loopback.is(options.bindAddress()),
                options.catalog(),
                options.catalogToken());
    }

    @Bean
    ServiceTls tls(GatewayOptions options) {
        return options.tls();
    }

    @Bean
    TracingSettings tracingSettings(GatewayOptions options) {
        return options.tracing();
    }

    @Bean
    WeftSettings.Log log(GatewayOptions options) {
        return options.log();
    }

    @Bean
    ServedBase servedBase(GatewayOptions options) {
        return new ServedBase(options.servedModelName());
    }

    @Bean
    Clock clock(GatewayOptions options) {
        return options.clock();
    }

    /** Serves any thread with the generator of that thread. */
    @Bean
    RandomGenerator random() {
        return () -> ThreadLocalRandom.current().nextLong();
    }

    @Bean
    CatalogView catalogView() {
        return new CatalogView();
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    @Lazy(false)
    FeedFollower feedFollower(GatewayOptions options, CatalogView view, Loops loops) {
        return new FeedFollower(
                options.catalog(),
                options.catalogToken(),
                options.name(),
                view,
                options.clock(),
                loops,
                options.tls().client());
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    @Lazy(false)
    WorkerPool workerPool(GatewayOptions options, Loops loops) {
        return new WorkerPool(options.workers(), options.catalogToken(), loops, options.tls());
    }

    @Bean
    Loops loops() {
        return new Loops();
    }

    @Bean
    @Lazy(false)
    LoopMetrics loopMetrics(Loops loops, PrometheusRegistry registry) {
        LoopMetrics metrics = new LoopMetrics(loops);
        registry.register(metrics);
        return metrics;
    }

    @Bean
    @Lazy(false)
    MemoryMetrics memoryMetrics(PrometheusRegistry registry) {
        MemoryMetrics metrics = new MemoryMetrics(ProcessMemory.ofHeap());
        registry.register(metrics);
        return metrics;
    }
}
