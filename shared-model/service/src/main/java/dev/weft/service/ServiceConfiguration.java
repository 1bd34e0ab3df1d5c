package dev.weft.service;

import dev.weft.bounds.http.PipelinedRequests;
import dev.weft.bounds.http.RefusedBodies;
import dev.weft.protocol.loop.LoopMetrics;
import dev.weft.protocol.loop.Loops;
import dev.weft.settings.secret.SecretSettings;
import dev.weft.tracing.Exemplars;
import dev.weft.tracing.SpanMetrics;
import dev.weft.tracing.Tracing;
import dev.weft.tracing.TracingConfiguration;
import dev.weft.tracing.TracingOptions;
import dev.weft.tracing.TracingSettings;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.NettyPipeline;

/** Wires what every service has: its HTTP server's threads and bounds, its loops and traces. */
@Configuration(proxyBeanMethods = false)
@Import({LoopMetrics.class, SpanMetrics.class, Exemplars.class})
class ServiceConfiguration {
    /**
     * Event loops of this context alone. Reactor Netty shares its loops among all contexts of a
     * JVM, and they end with the first context that closes.
     */
    @Bean
    ReactorResourceFactory eventLoops() {
        ReactorResourceFactory resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        // by then every connection is closed: nothing is left to wait for
        resources.setShutdownQuietPeriod(Duration.ZERO);
        resources.setShutdownTimeout(Duration.ofMillis(500));
        return resources;
    }

    @Bean
    NettyServerCustomizer boundsOfConnections(
            ServiceName service, @Value("${server.http2.enabled:false}") boolean http2) {
        if (http2) {
            throw new IllegalStateException(
                    "server.http2.enabled: true is not allowed: the bounds of connections are those"
                            + " of HTTP/1.1");
        }
        return server ->
                server.doOnChannelInit((_, channel, _) -> {
                    // the handler that is added last stands next to the codec
                    if (service != ServiceName.catalog) { // whose errors have another form
                        UnreadableRequests.addAfter(NettyPipeline.HttpCodec, channel);
                    }
                    RefusedBodies.addAfter(NettyPipeline.HttpCodec, channel);
                    PipelinedRequests.addAfter(NettyPipeline.HttpCodec, channel);
                });
    }

    @Bean
    Loops loops() {
        return new Loops();
    }

    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return Clock.systemUTC();
    }

    /** A time in nanoseconds, of which only differences count; no change of the clock moves it. */
    @Bean
    @ConditionalOnMissingBean
    LongSupplier nanos() {
        return System::nanoTime;
    }

    /** The folder {@code weft.data}, or {@code .weft}; each service has one of its own in it. */
    @Bean
    @ConditionalOnMissingBean
    DataFolder dataFolder(@Value("${weft.data:.weft}") Path data, ServiceName service) {
        return new DataFolder(data.resolve(service.name()).toAbsolutePath().normalize());
    }

    @Bean
    @ConditionalOnMissingBean
    TracingOptions tracingOptions(TracingSettings settings, SecretSettings secrets) {
        return TracingConfiguration.of(settings, secrets, System.getenv());
    }

    @Bean
    Tracing tracing(TracingOptions options, ServiceName service) {
        return Tracing.start(options, service.application());
    }

    /** Registers the collectors among the beans with Prometheus, from the start. */
    @Bean
    @Lazy(false)
    SmartInitializingSingleton collected(
            PrometheusRegistry registry,
            List<Collector> collectors,
            List<MultiCollector> multiCollectors) {
        return () -> {
            collectors.forEach(registry::register);
            multiCollectors.forEach(registry::register);
        };
    }
}
