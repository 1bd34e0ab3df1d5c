package dev.weft.inference.cpu.batch.cost;

import dev.weft.inference.cpu.kernel.matrix.RowBuckets;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Learns how long steps without prompts take, by the number of rows to which kernels pad them: one
 * more row may cost nothing, or as much as eight. Each step also measures how busy the machine is.
 * That slows down all numbers of rows alike, so times of different moments can be compared. A time
 * that is not measured drifts towards that of fewer rows, so that it is tried again. Owner thread
 * only.
 */
public final class DecodeTimes {
    /** The weight of the next measurement in the load, which is how busy the machine is. */
    private static final double NEXT_LOAD = 0.2;

    /** The least weight of the next measurement in a time. */
    private static final double NEXT_TIME = 0.05;

    /** Up to so many rows, each number of rows has a time of its own. */
    private static final int FEW = 8;

    /**
     * A measurement counts as at most so many times the expected value, and at least as the
     * expected value divided by this number.
     */
    private static final double FARTHEST = 2;

    /** Seconds at a load of 1, by number of rows. */
    private final NavigableMap<Integer, LearntCost> times = new TreeMap<>();

    private double load = 1;

    /**
     * Expected seconds of a step. A number of rows that was not measured is assumed to take as long
     * as fewer rows, so that it is tried; infinity if nothing is known of fewer.
     */
    public double of(StepShape step) {
        Map.Entry<Integer, LearntCost> known = times.floorEntry(rows(step));
        return known == null ? Double.POSITIVE_INFINITY : load * known.getValue().orElse(0);
    }

    /** Whether both steps count as the same number of rows, so that each measures both. */
    public boolean areOne(StepShape step, StepShape other) {
        return rows(step) == rows(other);
    }

    /** Takes in the time of a step. */
    public void measured(StepShape step, double seconds) {
        if (!(seconds > 0)) {
            return;
        }
        int rows = rows(step);
        LearntCost time = times.computeIfAbsent(rows, _ -> new LearntCost(NEXT_TIME));
        double usual = time.orElse(seconds / load);
        double before = load;
        load += NEXT_LOAD * (near(seconds / usual, load) - load);
        time.measured(near(seconds / before, usual));
        double ofFewer = 0;
        for (Map.Entry<Integer, LearntCost> other : times.entrySet()) {
            LearntCost its = other.getValue();
            if (other.getKey() != rows && ofFewer > 0) {
                its.unmeasured(ofFewer);
            }
            ofFewer = its.orElse(0);
        }
    }

    private static double near(double measured, double expected) {
        return Math.clamp(measured, expected / FARTHEST, expected * FARTHEST);
    }

    /**
     * The number that a step's rows count as: their own if they are few, else the one to which
     * kernels pad them.
     */
    private static int rows(StepShape step) {
        return step.decoding() <= FEW ? step.decoding() : RowBuckets.ceiling(step.decoding());
    }
}
