package dev.weft.gateway.health;

import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.FeedFollower;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Measures how much of the catalog's feed has arrived. */
final class FeedViewMetrics {
    private final FeedFollower follower;
    private final Clock clock;
    private final Instant started;

    FeedViewMetrics(MeterRegistry registry, CatalogView view, FeedFollower follower, Clock clock) {
        this.follower = follower;
        this.clock = clock;
        this.started = clock.instant();
        Gauge.builder("weft.gateway.feed.sequence", view, CatalogView::sequence)
                .description("The last event of the catalog's feed that was taken")
                .register(registry);
        Gauge.builder("weft.gateway.feed.age", this, FeedViewMetrics::age)
                .description("Since the feed was last heard of, or since the start")
                .baseUnit("seconds")
                .register(registry);
    }

    private double age() {
        Instant heard = follower.lastHeard().orElse(started);
        return Duration.between(heard, clock.instant()).toMillis() / 1000.0;
    }
}
