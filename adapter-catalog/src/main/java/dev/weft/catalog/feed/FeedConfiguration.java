package dev.weft.catalog.feed;

import dev.weft.protocol.loop.Loops;
import dev.weft.service.ServiceStage;
import java.util.function.LongSupplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires the feed. */
@Configuration(proxyBeanMethods = false)
@Import({ChangeLog.class, FeedMetrics.class, FeedController.class})
public class FeedConfiguration {
    @Bean
    FeedHub feedHub(ChangeLog log, LongSupplier nanos, FeedMetrics metrics, Loops loops) {
        return new FeedHub(log, nanos, metrics, loops);
    }

    @Bean
    ServiceStage feeding(FeedHub feed) {
        return ServiceStage.beside(feed::start, feed::close);
    }

    /** Disconnects followers before the server ends, since it would wait for them. */
    @Bean
    ServiceStage disconnecting(FeedHub feed) {
        return ServiceStage.listening(() -> {}, feed::close);
    }

    /**
     * Makes readiness include the feed, so that a ready catalog sends its snapshot without a wait.
     */
    @Bean
    HealthIndicator feedHealthIndicator(FeedHub feed) {
        return () ->
                feed.initialised()
                        ? Health.up().build()
                        : Health.outOfService().withDetail("names", "being read").build();
    }
}
