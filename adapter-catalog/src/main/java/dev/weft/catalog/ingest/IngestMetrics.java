package dev.weft.catalog.ingest;

import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.repository.RepositorySource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The metrics of ingest. Safe for any thread. */
final class IngestMetrics {
    /** The stages of an ingest. */
    enum Stage {
        /** The files are fetched; the wait for other fetches from the same source isn't counted. */
        FETCH,
        /** The files are read and compared with the base. */
        VALIDATE,
        /** The artifact is written. */
        CONVERT,
        /** The whole ingest, from its start to Ready or Rejected. */
        ALL
    }

    /** The buckets reach from a local folder to a repository of gigabytes. */
    private static final Duration[] SECONDS =
            Stream.of(
                            10, 50, 100, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 120_000,
                            300_000, 600_000)
                    .map(Duration::ofMillis)
                    .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final MeterProvider<Timer> seconds;
    private final MeterProvider<Counter> refusals;
    private final Counter ready;
    private final Counter rejected;
    private final AtomicInteger running = new AtomicInteger();

    /** Registers every series that is known at the start at once, at 0. */
    IngestMetrics(MeterRegistry registry) {
        this.registry = registry;
        seconds =
                Timer.builder("weft.catalog.ingest")
                        .description("An ingest, by stage")
                        .serviceLevelObjectives(SECONDS)
                        .withRegistry(registry);
        refusals =
                Counter.builder("weft.catalog.refusals")
                        .description("Reasons for which versions were rejected")
                        .withRegistry(registry);
        ready = outcome(registry, "ready");
        rejected = outcome(registry, "rejected");
        Gauge.builder("weft.catalog.ingest.running", running, AtomicInteger::get)
                .description("Versions that are being fetched, checked or stored")
                .register(registry);
        RefusalCodes.all().forEach(code -> refusals.withTag("code", code));
        for (RepositorySource source : RepositorySource.values()) {
            for (Stage stage : Stage.values()) {
                Timer _ = timer(stage, source);
            }
        }
    }

    void started() {
        running.incrementAndGet();
    }

    void ended() {
        running.decrementAndGet();
    }

    /** The time in nanoseconds, for differences. */
    long now() {
        return registry.config().clock().monotonicTime();
    }

    void took(Stage stage, RepositorySource source, Duration time) {
        timer(stage, source).record(time);
    }

    void ready(RepositorySource source, Duration took) {
        ready.increment();
        took(Stage.ALL, source, took);
    }

    /** Counts a rejection. The codes are those of the project's reasons, and few. */
    void rejected(RepositorySource source, List<Reason> reasons, Duration took) {
        rejected.increment();
        for (Reason reason : reasons) {
            refusals.withTag("code", reason.code()).increment();
        }
        took(Stage.ALL, source, took);
    }

    private Timer timer(Stage stage, RepositorySource source) {
        return seconds.withTags("stage", tag(stage), "source", tag(source));
    }

    static String tag(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static Counter outcome(MeterRegistry registry, String outcome) {
        return Counter.builder("weft.catalog.ingest.versions")
                .description("Versions whose ingest has ended")
                .tag("outcome", outcome)
                .register(registry);
    }
}
