package dev.weft.inference.cpu.batch.draft;

/**
 * How often drafted tokens were what came next, by the number of tokens that had agreed before
 * them. Older outcomes fade. Owner thread only.
 */
final class Acceptance {
    /** What an outcome still counts after the next one. */
    private static final double KEPT = 0.97;

    /** Outcomes that the prior counts for. */
    private static final double PRIOR = 3;

    /** The chance that is assumed before anything is known. */
    private static final double UNKNOWN = 0.5;

    /** Agreeing tokens by which outcomes are told apart; the last is this or more. */
    private static final int[] KINDS = {2, 3, 4, 6, 10};

    private final double[] right = new double[KINDS.length];
    private final double[] tried = new double[KINDS.length];

    /**
     * The chance that a drafted token comes next.
     *
     * @param matched tokens that agree before it
     * @param prior what is known of others
     */
    double chance(int matched, Acceptance prior) {
        int kind = kind(matched);
        return (right[kind] + PRIOR * prior.rate(kind)) / (tried[kind] + PRIOR);
    }

    private double rate(int kind) {
        return (right[kind] + PRIOR * UNKNOWN) / (tried[kind] + PRIOR);
    }

    /** The outcome of a drafted token. */
    void add(int matched, boolean wasRight) {
        int kind = kind(matched);
        right[kind] = KEPT * right[kind] + (wasRight ? 1 : 0);
        tried[kind] = KEPT * tried[kind] + 1;
    }

    /** A token was produced that nobody had drafted: the measurements age. */
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
