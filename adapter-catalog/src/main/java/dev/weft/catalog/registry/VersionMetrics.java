package dev.weft.catalog.registry;

import dev.weft.catalog.database.DatabaseException;
import dev.weft.model.adapter.VersionState;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * Versions by state, counted at most once in {@link #FRESH} and only where somebody asks. While the
 * database is away there is no number.
 */
public final class VersionMetrics {
    static final Duration FRESH = Duration.ofSeconds(5);

    private final VersionCounts counts;
    private final Clock clock;
    private Map<VersionState, Long> last = Map.of();
    private long counted;
    private boolean never = true;

    public VersionMetrics(MeterRegistry registry, VersionCounts counts) {
        this.counts = counts;
        this.clock = registry.config().clock();
        for (VersionState state : VersionState.values()) {
            Gauge.builder("weft.catalog.versions", this, metrics -> metrics.count(state))
                    .description("Versions of all adapters")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .strongReference(true)
                    .register(registry);
        }
    }

    private synchronized double count(VersionState state) {
        long now = clock.monotonicTime();
        if (never || now - counted >= FRESH.toNanos()) {
            never = false;
            counted = now;
            try {
                last = counts.byState();
            } catch (DatabaseException e) {
                last = Map.of();
            }
        }
        Long count = last.get(state);
        return count == null ? Double.NaN : count;
    }
}
