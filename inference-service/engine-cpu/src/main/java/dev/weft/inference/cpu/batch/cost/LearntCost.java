package dev.weft.inference.cpu.batch.cost;

/**
 * A cost that steps measure. Later measurements count more. A cost that is not measured drifts
 * towards an assumed one, so that it is tried again: soon after its first measurements, which the
 * JVM's compiler slows down, and late after several. Owner thread only.
 */
public final class LearntCost {
    /** The usual least weight of the next measurement in the cost. */
    private static final double NEXT = 0.2;

    /** The part of the way to the assumed cost that each step drifts, after one measurement. */
    private static final double DOUBT = 0.05;

    /** The same part after many measurements; each measurement halves the part until then. */
    private static final double LEAST_DOUBT = 0.002;

    private final double next;
    private double value;
    private int measurements;

    /** A cost that is not measured yet; it will follow its measurements fast. */
    public LearntCost() {
        this(NEXT);
    }

    /**
     * A cost that is not measured yet.
     *
     * @param next the least weight of the next measurement in the cost
     */
    LearntCost(double next) {
        this.next = next;
    }

    /** The cost, or another one if nothing was measured. */
    public double orElse(double other) {
        return measurements == 0 ? other : value;
    }

    /** A step measured the cost. */
    public void measured(double cost) {
        measurements = Math.min(measurements + 1, 1_000);
        value += Math.max(next, 1.0 / measurements) * (cost - value);
    }

    /** A step did not measure the cost. */
    public void unmeasured(double assumed) {
        if (measurements == 0) {
            return;
        }
        double doubt = Math.max(LEAST_DOUBT, DOUBT * Math.pow(0.5, measurements - 1));
        value += doubt * (assumed - value);
    }
}
