package dev.weft.catalog.rollout;

import dev.weft.catalog.rollout.judge.Bound;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** How many rollouts there are, and what this catalog did to them. Any thread. */
final class RolloutMetrics {
    private static final String NO_BOUND = "none";
    private static final double UNKNOWN = Double.NaN;

    private final MeterRegistry registry;
    private final Map<Moved.Move, Counter> moves = new EnumMap<>(Moved.Move.class);
    private final Map<Bound, Counter> returns = new EnumMap<>(Bound.class);
    private final Counter otherReturns;
    private volatile double running = UNKNOWN;
    private volatile double paused = UNKNOWN;

    RolloutMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Moved.Move move : Moved.Move.values()) {
            if (move != Moved.Move.returned) {
                moves.put(move, moves(move, NO_BOUND));
            }
        }
        for (Bound bound : Bound.values()) {
            returns.put(bound, moves(Moved.Move.returned, bound.name()));
        }
        otherReturns = moves(Moved.Move.returned, NO_BOUND);
        gauge(Rollout.State.running, () -> running);
        gauge(Rollout.State.paused, () -> paused);
    }

    private void gauge(Rollout.State state, Supplier<Number> count) {
        Gauge.builder("weft.catalog.rollouts", count)
                .description("Rollouts that have not ended")
                .tag("state", state.name())
                .register(registry);
    }

    private Counter moves(Moved.Move move, String bound) {
        return Counter.builder("weft.catalog.rollout.moves")
                .description("What happened to rollouts")
                .tag("move", move.name())
                .tag("bound", bound)
                .register(registry);
    }

    /** Notes the rollouts that have not ended, as a look found them. */
    void active(List<Rollout> rollouts) {
        long still =
                rollouts.stream()
                        .filter(each -> each.progress().state() == Rollout.State.paused)
                        .count();
        paused = still;
        running = (double) rollouts.size() - still;
    }

    /** Notes that the number is unknown, since the database can't be asked. */
    void unknown() {
        running = UNKNOWN;
        paused = UNKNOWN;
    }

    void moved(Moved moved) {
        Bound bound = moved.rollout().progress().bound();
        Counter counter =
                moved.move() != Moved.Move.returned
                        ? moves.get(moved.move())
                        : bound == null ? otherReturns : returns.get(bound);
        if (counter != null) {
            counter.increment();
        }
    }
}
