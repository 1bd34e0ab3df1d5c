package dev.weft.gateway;

import dev.weft.access.ServiceAccess;
import dev.weft.access.holder.Loopback;
import dev.weft.access.tls.ServiceTls;
import dev.weft.bounds.memory.MemoryMetrics;
import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.deployment.WeftSettings;
import dev.weft.gateway.access.AccessConfiguration;
import dev.weft.gateway.error.ErrorConfiguration;
import dev.weft.gateway.forward.Closing;
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
import dev.weft.protocol.loop.Loops;
import dev.weft.service.Stage;
import dev.weft.service.WeftService;
import dev.weft.tracing.TracingSettings;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.cloud.gateway.config.GatewayAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

/** The gateway as a Spring Boot application. */
@WeftService
@ImportAutoConfiguration(GatewayAutoConfiguration.class)
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

    @Bean
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

    @Bean
    Stage following(FeedFollower feed) {
        return Stage.beside(feed::start, feed::close);
    }

    @Bean
    WorkerPool workerPool(GatewayOptions options, Loops loops) {
        return new WorkerPool(options.workers(), options.catalogToken(), loops, options.tls());
    }

    @Bean
    Stage probing(WorkerPool workers) {
        return Stage.beside(workers::start, workers::close);
    }

    /**
     * Gives requests under way {@code weft.gateway.drain-timeout} to finish. New ones are served
     * meanwhile, since their senders have to hear of the end first. Then streams end with an error
     * event.
     */
    @Bean
    Stage draining(Closing closing, WeftSettings.Gateway settings) {
        return Stage.listening(() -> {}, () -> closing.end(settings.drainTimeout()));
    }

    @Bean
    @Lazy(false)
    MemoryMetrics memoryMetrics(PrometheusRegistry registry) {
        MemoryMetrics metrics = new MemoryMetrics(ProcessMemory.ofHeap());
        registry.register(metrics);
        return metrics;
    }
}
