package dev.weft.gateway.measure;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The meters of one label, kept apart by base: the label {@code other} stands for adapters of all
 * bases. Any thread.
 */
final class LabelMetrics {
    private final MeterRegistry registry;
    private final String label;
    private final Map<String, AnswerMetrics> byBase = new ConcurrentHashMap<>();

    LabelMetrics(MeterRegistry registry, String label) {
        this.registry = registry;
        this.label = label;
    }

    /** The meters of answers from a base, one of those that the gateway serves. */
    AnswerMetrics of(String base) {
        return byBase.computeIfAbsent(base, name -> new AnswerMetrics(registry, name, label));
    }

    /** Takes all meters out of the registry; nothing may be recorded any more. */
    void remove() {
        byBase.values().forEach(AnswerMetrics::remove);
    }
}
