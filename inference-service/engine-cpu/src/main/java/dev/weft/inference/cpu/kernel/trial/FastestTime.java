package dev.weft.inference.cpu.kernel.trial;

/**
 * The shortest time that several runs took. One run may be short by chance of the clock, and all
 * may be long while other work has the cores: so it is confirmed once some runs were nearly as
 * short. For one thread.
 */
final class FastestTime {
    /** Runs that are nearly as short as the shortest one, itself among them. */
    private static final int CONFIRMATIONS = 4;

    private static final double NEARLY = 1.05;

    private long shortest = Long.MAX_VALUE;
    private int confirmations;

    void add(long nanoseconds) {
        if (nanoseconds * NEARLY < shortest) {
            confirmations = 1;
        } else if (nanoseconds < shortest * NEARLY) {
            confirmations++;
        }
        shortest = Math.min(shortest, nanoseconds);
    }

    boolean isConfirmed() {
        return confirmations >= CONFIRMATIONS;
    }

    /** The shortest time; the largest number if there was none. */
    long nanoseconds() {
        return shortest;
    }
}
