package dev.weft.catalog.version;

import dev.weft.catalog.database.DatabaseException;
import dev.weft.protocol.adapter.VersionState;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * The number of versions by state. A separate loop counts them every 5 s, so metrics are answered
 * at once, above all while the database is unavailable. Then there is no number.
 */
final class VersionMetrics implements AutoCloseable {
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final VersionCounts counts;
    private final Loop loop;
    private volatile Map<VersionState, Long> last = Map.of();

    VersionMetrics(MeterRegistry registry, VersionCounts counts, Loops loops) {
        this.counts = counts;
        this.loop = loops.loop("version-counts", this::turn);
        for (VersionState state : VersionState.values()) {
            Gauge.builder("weft.catalog.versions", this, metrics -> metrics.count(state))
                    .description("Versions of all adapters")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .strongReference(true)
                    .register(registry);
        }
    }

    /** Starts to count. */
    void start() {
        loop.start();
    }

    private Duration turn() {
        try {
            last = counts.byState();
        } catch (DatabaseException e) {
            last = Map.of();
            throw e;
        }
        return FRESH;
    }

    private double count(VersionState state) {
        Long count = last.get(state);
        return count == null ? Double.NaN : count;
    }

    @Override
    public void close() {
        loop.close();
    }
}
