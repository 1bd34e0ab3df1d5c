package dev.weft.inference.cpu.model;

import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.engine.statistics.StepPhase;
import java.util.EnumMap;
import java.util.Map;

/**
 * Splits the wall time of steps by what they do, as member 0 of the team sees it: its wait at the
 * barrier that ends a phase belongs to the phase. Entering a phase reads the clock once (some 25
 * ns) and allocates nothing. The owner thread, which is member 0, writes; any thread reads.
 */
public final class PhaseClock {
    private static final double NANOS = 1e9;

    /** Nanoseconds of one phase. */
    private static final class Spent {
        private long inStep;
        private volatile long total;
    }

    private final boolean on;
    private final Map<StepPhase, Spent> phases = new EnumMap<>(StepPhase.class);
    private final Spent other = new Spent();
    private Spent current = other;
    private long since;

    /** A clock at 0; if it is off, it counts nothing and costs nothing. */
    public PhaseClock(boolean on) {
        this.on = on;
        for (StepPhase phase : StepPhase.values()) {
            phases.put(phase, phase == StepPhase.OTHER ? other : new Spent());
        }
    }

    /** A step begins, in {@link StepPhase#OTHER}. */
    public void begin() {
        phases.values().forEach(spent -> spent.inStep = 0);
        current = other;
        since = System.nanoTime();
    }

    /** Begins a phase: from now on the time counts for it. Only the first member's calls count. */
    public void enter(Team.Member member, StepPhase next) {
        if (on && member.index() == 0) {
            enter(next);
        }
    }

    /** Begins a phase; called from the owner thread. */
    public void enter(StepPhase next) {
        if (on) {
            long now = System.nanoTime();
            current.inStep += now - since;
            since = now;
            current = phases.getOrDefault(next, other);
        }
    }

    /** The step has ended; returns its seconds. A step that never ends counts nowhere. */
    public double end() {
        enter(StepPhase.OTHER);
        long sum = 0;
        for (Spent spent : phases.values()) {
            long before = spent.total;
            spent.total = before + spent.inStep;
            sum += spent.inStep;
        }
        return sum / NANOS;
    }

    /** Seconds of all steps that have ended, for every phase. */
    public Map<StepPhase, Double> seconds() {
        Map<StepPhase, Double> seconds = new EnumMap<>(StepPhase.class);
        phases.forEach((phase, spent) -> seconds.put(phase, spent.total / NANOS));
        return seconds;
    }
}
