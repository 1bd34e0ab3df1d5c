package dev.weft.catalog.rollout.shadow;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** How many shadows run, and how this catalog saw them begin and end. Any thread. */
final class ShadowStateMetrics {
    private final Map<Shadow.State, Counter> moves = new EnumMap<>(Shadow.State.class);
    private volatile double running = Double.NaN;

    ShadowStateMetrics(MeterRegistry registry) {
        Gauge.builder("weft.catalog.shadows", () -> running)
                .description("Shadows that run")
                .register(registry);
        for (Shadow.State state : Shadow.State.values()) {
            moves.put(
                    state,
                    Counter.builder("weft.catalog.shadow.moves")
                            .description("Shadows that have begun or ended")
                            .tag("move", state == Shadow.State.running ? "start" : state.name())
                            .register(registry));
        }
    }

    /** Notes how many shadows run, as a look found them. */
    void running(int count) {
        running = count;
    }

    /** Notes that the number is unknown, since the database can't be asked. */
    void unknown() {
        running = Double.NaN;
    }

    void moved(Shadow.State state) {
        Counter counter = moves.get(state);
        if (counter != null) {
            counter.increment();
        }
    }
}
