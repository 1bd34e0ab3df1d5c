package dev.weft.inference.cpu.batch.choice;

import dev.weft.inference.engine.Sampling;

/**
 * Finds tokens that a cut keeps under any mask that allows them. A mask only takes tokens away. So
 * among those that are left a token ranks no lower, the best one is no better, and the tokens
 * before it weigh no more. A token is certain to be kept, if it is allowed at all, if
 *
 * <ul>
 *   <li>top_k: its rank among all tokens is within k;
 *   <li>min_p: its weight is at least the share of the best token of all;
 *   <li>top_p: {@code before * (1 - p) < p * own}, with the weight of all tokens before it and its
 *       own. It is kept if those before it that are left weigh less than p of all that is left;
 *       these are at least those before it and itself.
 * </ul>
 */
final class Certainty {
    private final Sampling.Cut cut;
    private final float floor;

    /**
     * The certainty of one choice.
     *
     * @param best the weight of the best token of all
     */
    Certainty(Sampling.Cut cut, float best) {
        this.cut = cut;
        this.floor = (float) (cut.minP() * best);
    }

    /**
     * Whether the cut keeps a token under any mask that allows it.
     *
     * @param weight of the token
     * @param rank the tokens before it, of all
     * @param before what these weigh
     */
    boolean of(float weight, int rank, double before) {
        return (cut.topK() == 0 || rank < cut.topK())
                && weight >= floor
                && (cut.topP() == 1 || before * (1 - cut.topP()) < cut.topP() * weight);
    }

    /** Whether the cut keeps this token under any mask that allows it. */
    static boolean of(int token, Candidates weights, int vocabulary, Sampling.Cut cut) {
        if (cut.none()) {
            return true;
        }
        float own = weights.weight(token);
        float best = own;
        int rank = 0;
        double before = 0;
        for (int i = 0; i < vocabulary; i++) {
            float weight = weights.weight(i);
            if (weight > own || (weight == own && i < token)) {
                rank++;
                before += weight;
                best = Math.max(best, weight);
            }
        }
        return new Certainty(cut, best).of(own, rank, before);
    }
}
