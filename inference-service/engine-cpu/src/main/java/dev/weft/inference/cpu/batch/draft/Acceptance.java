package dev.weft.inference.cpu.batch.draft;

/**
 * Counts how often drafted tokens came next, by the number of tokens that had agreed before them.
 * Older outcomes fade. Owner thread only.
 */
final class Acceptance {
    /** The weight of an outcome after the next one. */
    private static final double KEPT = 0.97;

    /** The number of outcomes that the prior counts as. */
    private static final double PRIOR = 3;

    /** The chance that is assumed before anything is known. */
    private static final double UNKNOWN = 0.5;

    /**
     * The kinds of outcomes, by the least number of agreeing tokens; fewer tokens count as the
     * first kind.
     */
    private static final int[] KINDS = {2, 3, 4, 6, 10};

    private final double[] right = new double[KINDS.length];
    private final double[] tried = new double[KINDS.length];

    /**
     * The chance that a drafted token comes next.
     *
     * @param matched tokens that agree before it
     * @param prior the outcomes of all requests
     */
    double chance(int matched, Acceptance prior) {
        int kind = kind(matched);
        return (right[kind] + PRIOR * prior.rate(kind)) / (tried[kind] + PRIOR);
    }

    private double rate(int kind) {
        return (right[kind] + PRIOR * UNKNOWN) / (tried[kind] + PRIOR);
    }

    /** Counts the outcome of a drafted token. */
    void add(int matched, boolean wasRight) {
        int kind = kind(matched);
        right[kind] = KEPT * right[kind] + (wasRight ? 1 : 0);
        tried[kind] = KEPT * tried[kind] + 1;
    }

    /** Lets the measurements age, since a token was produced that nobody had drafted. */
    void fade() {
        for (int kind = 0; kind < KINDS.length; kind++) {
            right[kind] *= KEPT;
            tried[kind] *= KEPT;
        }
    }

    private static int kind(int matched) {
        int kind = 0;
        while (kind + 1 < KINDS.length && matched >= KINDS[kind + 1]) {
            kind++;
        }
        return kind;
    }
}
