package dev.weft.gateway.forward.attempt;

import dev.weft.gateway.routing.RoutingDecision;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Counts which workers are chosen and why, and why a worker was replaced. Any thread. */
final class AttemptMetrics {
    private static final Set<AttemptFailed.Kind> REPLACEABLE =
            EnumSet.complementOf(EnumSet.of(AttemptFailed.Kind.SILENT));

    private final Map<RoutingDecision.Reason, Counter> decisions;
    private final Map<AttemptFailed.Kind, Counter> retries;
    private final Map<RoutingDecision.Reason, DistributionSummary> scores =
            new ConcurrentHashMap<>();
    private final MeterRegistry registry;
    private final Counter overBudget;
    private final Counter hedgesWon;
    private final Counter hedgesLost;

    AttemptMetrics(MeterRegistry registry) {
        this.registry = registry;
        overBudget =
                Counter.builder("weft.gateway.retries.refused")
                        .description(
                                "Attempts that failed and were not made again, since too many"
                                        + " others were")
                        .register(registry);
        hedgesWon = hedges(registry, "won");
        hedgesLost = hedges(registry, "lost");
        decisions =
                counters(
                        registry,
                        RoutingDecision.Reason.class,
                        EnumSet.allOf(RoutingDecision.Reason.class),
                        "weft.gateway.routing.decisions",
                        "Workers chosen, by what set each apart from the others");
        retries =
                counters(
                        registry,
                        AttemptFailed.Kind.class,
                        REPLACEABLE,
                        "weft.gateway.retries",
                        "Attempts that failed before the first byte and were made again at"
                                + " another worker");
    }

    /** Counts a choice, and the scores that its worker had. */
    void chosen(RoutingDecision decision) {
        count(decisions, decision.reason());
        decision.scores().forEach((reason, score) -> summary(reason).record(score));
    }

    private DistributionSummary summary(RoutingDecision.Reason reason) {
        return scores.computeIfAbsent(
                reason,
                _ ->
                        DistributionSummary.builder("weft.gateway.routing.scores")
                                .description(
                                        "Scores of the chosen workers, 0 to 1, by what they"
                                                + " measure")
                                .serviceLevelObjectives(0.2, 0.4, 0.6, 0.8, 1)
                                .tag("scorer", reason.word())
                                .register(registry));
    }

    /** Counts an attempt that was not made again, since the budget was spent. */
    void overBudget() {
        overBudget.increment();
    }

    /** Counts an attempt that was made beside another one. */
    void hedged(boolean won) {
        (won ? hedgesWon : hedgesLost).increment();
    }

    private static Counter hedges(MeterRegistry registry, String outcome) {
        return Counter.builder("weft.gateway.hedges")
                .description("Second attempts beside a first one whose answer did not begin")
                .tag("outcome", outcome)
                .register(registry);
    }

    void retried(AttemptFailed.Kind reason) {
        count(retries, reason);
    }

    private static <E extends Enum<E>> void count(Map<E, Counter> counters, E reason) {
        Counter counter = counters.get(reason);
        if (counter == null) {
            throw new IllegalArgumentException(reason + " is not counted");
        }
        counter.increment();
    }

    private static <E extends Enum<E>> Map<E, Counter> counters(
            MeterRegistry registry, Class<E> type, Set<E> reasons, String name, String text) {
        Map<E, Counter> counters = new EnumMap<>(type);
        for (E reason : reasons) {
            counters.put(
                    reason,
                    Counter.builder(name)
                            .description(text)
                            .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        return counters;
    }
}
