package dev.weft.inference.cpu.batch;

import dev.weft.inference.cpu.kernel.team.IdleTime;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.model.PhaseClock;
import dev.weft.inference.engine.statistics.BatchStatistics;
import dev.weft.inference.engine.statistics.Histogram;
import java.util.Optional;

/**
 * Times steps. The owner thread calls {@link #begin} and {@link #end}; any thread reads. If it is
 * off, it reads no clock.
 */
public final class StepMeter {
    private static final double NANOS = 1e9;

    private final boolean on;
    private final Team team;
    private final PhaseClock clock;
    private final Histogram seconds =
            new Histogram(
                    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15,
                    0.2, 0.3, 0.5, 0.75, 1, 2.5, 5, 10);
    private final Histogram rows = new Histogram(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024);

    /** Idle time of the owner thread. */
    private final IdleTime idle = new IdleTime();

    /**
     * Nothing measured yet.
     *
     * @param clock that the steps' phases are told to
     */
    public StepMeter(boolean on, Team team, PhaseClock clock) {
        this.on = on;
        this.team = team;
        this.clock = clock;
    }

    PhaseClock clock() {
        return clock;
    }

    /** The owner thread goes to sleep. */
    void asleep() {
        if (on) {
            idle.end();
        }
    }

    /** The owner thread is awake again, and no step runs. */
    void awake() {
        if (on) {
            idle.begin();
        }
    }

    /** A step begins. */
    void begin() {
        if (on) {
            idle.end();
            clock.begin();
        }
    }

    /** A step has ended, with so many requests in it. */
    void end(int requests) {
        if (on) {
            seconds.record(clock.end());
            rows.record(requests);
            idle.begin();
        }
    }

    /** The measurements; empty if the meter is off. */
    public Optional<BatchStatistics.Measured> measured() {
        if (!on) {
            return Optional.empty();
        }
        long nanos = team.idleNanos() + idle.nanos();
        return Optional.of(
                new BatchStatistics.Measured(
                        seconds.snapshot(), rows.snapshot(), clock.seconds(), nanos / NANOS));
    }
}
