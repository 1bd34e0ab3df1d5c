package dev.weft.inference.server.metrics;

import dev.weft.inference.server.constraint.ConstraintTimes;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Requests whose answers are constrained, and the grammars that were compiled for them. */
final class ConstraintMetrics implements MultiCollector {
    private final ConstraintTimes times;

    ConstraintMetrics(ConstraintTimes times) {
        this.times = times;
    }

    @Override
    public MetricSnapshots collect() {
        MetricFamilies to = new MetricFamilies();
        Map<String, Double> requests = new LinkedHashMap<>();
        times.requests()
                .forEach((kind, count) ->
                        requests.put(kind.name().toLowerCase(Locale.ROOT), (double) count));
        to.counter(
                "weft_constrained_requests",
                "Requests whose answers are constrained",
                "kind",
                requests);
        to.histogram(
                "weft_grammar_compile_seconds",
                "Seconds of compiling a grammar, refused ones included",
                times.seconds());
        return to.all();
    }
}
