package dev.weft.gateway.rollout;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What becomes of reports on compared versions. Any thread. */
final class MeasureMetrics {
    private final Map<MeasureReporter.Outcome, Counter> reports =
            new EnumMap<>(MeasureReporter.Outcome.class);

    MeasureMetrics(MeterRegistry registry) {
        for (MeasureReporter.Outcome outcome : MeasureReporter.Outcome.values()) {
            reports.put(
                    outcome,
                    Counter.builder("weft.gateway.rollout.reports")
                            .description("Reports on compared versions that were sent")
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    void sent(MeasureReporter.Outcome outcome) {
        Counter counter = reports.get(outcome);
        if (counter != null) {
            counter.increment();
        }
    }
}
