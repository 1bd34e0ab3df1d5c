package dev.weft.gateway.health;

import dev.weft.gateway.worker.WorkerPool;
import dev.weft.model.feed.CatalogView;
import dev.weft.model.feed.FeedFollower;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires readiness; the bean's name is its name in the health group. */
@Configuration(proxyBeanMethods = false)
public class HealthConfiguration {
    @Bean
    GatewayHealth gateway(
            WorkerPool workers, CatalogView view, FeedFollower follower, Clock clock) {
        return new GatewayHealth(workers, view, follower, clock);
    }
}
