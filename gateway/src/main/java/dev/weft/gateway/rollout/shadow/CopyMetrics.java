package dev.weft.gateway.rollout.shadow;

import dev.weft.protocol.shadow.CopyOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts what becomes of requests that are drawn to be copied. Any thread. */
final class CopyMetrics {
    private final Map<CopyOutcome, Counter> copies = new EnumMap<>(CopyOutcome.class);
    private final Counter tokens;

    CopyMetrics(MeterRegistry registry) {
        for (CopyOutcome outcome : CopyOutcome.values()) {
            copies.put(
                    outcome,
                    Counter.builder("weft.gateway.shadow.copies")
                            .description("Requests that were drawn to be copied to a candidate")
                            .tag("outcome", tag(outcome))
                            .register(registry));
        }
        tokens =
                Counter.builder("weft.gateway.shadow.tokens")
                        .description("Tokens of prompts and answers of copies, billed to nobody")
                        .register(registry);
    }

    private static String tag(CopyOutcome outcome) {
        return outcome.name().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    void counted(CopyOutcome outcome, long used) {
        Counter counter = copies.get(outcome);
        if (counter != null) {
            counter.increment();
        }
        tokens.increment((double) used);
    }
}
