package dev.weft.catalog.feed;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/**
 * The position of the feed, and the lag of each follower. Followers of the same name count as one,
 * the last of them. Beyond {@link #MOST_NAMES} names they share {@code other}. A follower that has
 * left isn't shown.
 */
final class FeedMetrics {
    static final int MOST_NAMES = 200;
    static final String OTHER = "other";

    private final AtomicLong sequence = new AtomicLong();
    private final AtomicInteger count = new AtomicInteger();
    private final MultiGauge lag;
    private final MultiGauge lagTime;

    FeedMetrics(MeterRegistry registry) {
        Gauge.builder("weft.catalog.feed.sequence", sequence, AtomicLong::get)
                .description("The last event of the feed")
                .register(registry);
        Gauge.builder("weft.catalog.feed.followers", count, AtomicInteger::get)
                .description("Followers that listen")
                .register(registry);
        lag =
                MultiGauge.builder("weft.catalog.feed.lag.events")
                        .description("Events that a follower has not been sent yet")
                        .register(registry);
        lagTime =
                MultiGauge.builder("weft.catalog.feed.lag")
                        .description(
                                "The age of the oldest event that a follower has not been sent")
                        .baseUnit("seconds")
                        .register(registry);
    }

    /** Notes that the feed is at that event. */
    void at(long event) {
        sequence.set(event);
    }

    /**
     * Notes the current followers. It reads them under the lock, so the last call has the last
     * state.
     */
    synchronized void follow(Collection<Follower> followers) {
        count.set(followers.size());
        Map<String, List<Follower>> byName = new TreeMap<>();
        for (Follower follower : followers) {
            String name =
                    byName.containsKey(follower.name()) || byName.size() < MOST_NAMES
                            ? follower.name()
                            : OTHER;
            byName.computeIfAbsent(name, _ -> new ArrayList<>()).add(follower);
        }
        lag.register(rows(byName, Follower::lag), true);
        lagTime.register(rows(byName, follower -> seconds(follower.lagTime())), true);
    }

    private static List<MultiGauge.Row<?>> rows(
            Map<String, List<Follower>> byName, ToDoubleFunction<Follower> of) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        byName.forEach((name, followers) ->
                rows.add(
                        MultiGauge.Row.of(
                                Tags.of("follower", name),
                                followers,
                                all -> all.stream().mapToDouble(of).max().orElse(0))));
        return rows;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
