package dev.weft.gateway.report;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Counts what becomes of reports of one kind. Any thread. */
public final class ReportMetrics {
    private final Map<Posted, Counter> reports = new EnumMap<>(Posted.class);

    public ReportMetrics(MeterRegistry registry, String name, String description) {
        for (Posted outcome : Posted.values()) {
            reports.put(
                    outcome,
                    Counter.builder(name)
                            .description(description)
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    void sent(Posted outcome) {
        Objects.requireNonNull(reports.get(outcome)).increment();
    }
}
