package dev.weft.gateway.health;

import dev.weft.gateway.discovery.Discovery;
import dev.weft.gateway.worker.WorkerPool;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.FeedFollower;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.function.LongSupplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** Wires readiness; the bean's name is its name in the health group. */
@Configuration(proxyBeanMethods = false)
public class HealthConfiguration {
    @Bean
    GatewayHealth gateway(
            WorkerPool workers,
            Discovery discovery,
            CatalogView view,
            FeedFollower follower,
            LongSupplier nanos) {
        return new GatewayHealth(workers, discovery, view, follower, nanos);
    }

    @Bean
    @Lazy(false)
    FeedViewMetrics feedMetrics(
            MeterRegistry registry, CatalogView view, FeedFollower follower, Clock clock) {
        return new FeedViewMetrics(registry, view, follower, clock);
    }

    @Bean
    @Lazy(false)
    WorkerCountMetrics workerMetrics(MeterRegistry registry, WorkerPool workers) {
        return new WorkerCountMetrics(registry, workers);
    }
}
