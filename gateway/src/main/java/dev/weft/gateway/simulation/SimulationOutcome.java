package dev.weft.gateway.simulation;

import java.util.Arrays;

/** What became of the requests of a simulation, the first part left out. One thread. */
final class SimulationOutcome {
    private double[] firstTokens = new double[1 << 16];
    private int count;
    private long cold;
    private long reloads;
    private long evictions;
    private long ahead;
    private boolean counts;

    /** Begins to count: caches are filled. */
    void begin() {
        counts = true;
    }

    void firstToken(double seconds) {
        if (!counts) {
            return;
        }
        if (count == firstTokens.length) {
            firstTokens = Arrays.copyOf(firstTokens, 2 * count);
        }
        firstTokens[count++] = seconds;
    }

    void loaded(boolean warm) {
        if (counts && warm) {
            reloads++;
        } else if (counts) {
            cold++;
        }
    }

    void ahead() {
        if (counts) {
            ahead++;
        }
    }

    void evicted() {
        if (counts) {
            evictions++;
        }
    }

    RoutingResult result(String policy) {
        double[] sorted = Arrays.copyOf(firstTokens, count);
        Arrays.sort(sorted);
        return new RoutingResult(
                policy,
                count,
                new RoutingResult.FirstToken(at(sorted, 0.5), at(sorted, 0.95), at(sorted, 0.99)),
                cold,
                reloads,
                evictions,
                ahead);
    }

    private static double at(double[] sorted, double part) {
        return sorted.length == 0
                ? Double.NaN
                : sorted[(int) Math.min(sorted.length - 1, part * sorted.length)];
    }
}
