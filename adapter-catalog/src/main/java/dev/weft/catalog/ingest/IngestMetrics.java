package dev.weft.catalog.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** What ingest measures. */
final class IngestMetrics {
    private final Timer duration;
    private final Counter ready;
    private final Counter rejected;
    private final AtomicInteger running = new AtomicInteger();

    IngestMetrics(MeterRegistry registry) {
        duration =
                Timer.builder("weft.catalog.ingest.duration")
                        .description("Time from the start of an ingest to Ready or Rejected")
                        .register(registry);
        ready = outcome(registry, "ready");
        rejected = outcome(registry, "rejected");
        Gauge.builder("weft.catalog.ingest.running", running, AtomicInteger::get)
                .description("Versions that are being fetched, checked or stored")
                .baseUnit("versions")
                .register(registry);
    }

    void started() {
        running.incrementAndGet();
    }

    void ended() {
        running.decrementAndGet();
    }

    void ready(Duration took) {
        ready.increment();
        duration.record(took);
    }

    void rejected(Duration took) {
        rejected.increment();
        duration.record(took);
    }

    private static Counter outcome(MeterRegistry registry, String outcome) {
        return Counter.builder("weft.catalog.ingest.versions")
                .description("Versions whose ingest has ended")
                .baseUnit("versions")
                .tag("outcome", outcome)
                .register(registry);
    }
}
