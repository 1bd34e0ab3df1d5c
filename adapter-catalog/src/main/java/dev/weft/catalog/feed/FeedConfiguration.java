package dev.weft.catalog.feed;

import dev.weft.catalog.database.Database;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.ServiceStage;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.LongSupplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the feed. */
@Configuration(proxyBeanMethods = false)
public class FeedConfiguration {

    @Bean
    ChangeLog changeLog(Database database) {
        return new ChangeLog(database);
    }

    @Bean
    FeedMetrics feedMetrics(MeterRegistry registry) {
        return new FeedMetrics(registry);
    }

    @Bean
    FeedHub feedHub(ChangeLog log, LongSupplier nanos, FeedMetrics metrics, Loops loops) {
        return new FeedHub(log, nanos, metrics, loops);
    }

    @Bean
    ServiceStage feeding(FeedHub feed) {
        return ServiceStage.beside(feed::start, feed::close);
    }

    /** Followers leave before the server ends, which would wait for them. */
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

    @Bean
    FeedController feedController(FeedHub hub) {
        return new FeedController(hub);
    }
}
