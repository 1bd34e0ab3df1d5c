package dev.weft.inference.cpu.batch.choice;

import dev.weft.inference.cpu.kernel.vector.Logits;
import dev.weft.inference.engine.Sampling;

/**
 * Chooses a token under a mask, after the unmasked choice was refused. Both choices together have
 * the distribution of one choice from logits that were masked before temperature, top_k, top_p and
 * min_p: the <em>target</em>. The first choice is drawn from all tokens, uncut. It stands if it is
 * allowed and {@linkplain Certainty certain} to be kept. So each such token gets a share of no more
 * than its target, since the cut only takes weight away from others. The second choice is drawn
 * from the missing part: target less share. A greedy choice is the best allowed token.
 *
 * <p>If few tokens are allowed, their scores are copied side by side, so that a choice among ten
 * reads ten scores and not the whole vocabulary's. One thread at a time.
 */
final class MaskedChoice {
    /**
     * Allowed tokens are few if they are at most one in so many of the vocabulary: to copy more
     * takes longer than to read all.
     */
    private static final int FEW = 16;

    private final float[] values;
    private final int[] ids;
    private final Candidates left;
    private final Candidates all;

    /** Number of scores that {@link #mask} has put into {@link #values}. */
    private int count;

    /** Whether {@link #values} has only the allowed tokens, whose ids are in {@link #ids}. */
    private boolean few;

    MaskedChoice(int vocabulary) {
        this.values = new float[vocabulary];
        this.ids = new int[vocabulary / FEW + 1];
        this.left = new Candidates(vocabulary);
        this.all = new Candidates(vocabulary);
    }

    /** Copies the scores of the allowed tokens; false if none has a chance. */
    boolean mask(float[] scores, long[] bits) {
        int allowed = 0;
        for (long word : bits) {
            allowed += Long.bitCount(word);
        }
        few = allowed < ids.length;
        if (few) {
            gather(scores, bits);
        } else {
            Logits.mask(scores, bits, values);
            count = values.length;
        }
        return count > 0 && Logits.usable(values, count);
    }

    /** Gathers allowed tokens in their order, so that ties are ranked as among all. */
    private void gather(float[] scores, long[] bits) {
        count = 0;
        for (int i = 0; i < bits.length; i++) {
            for (long word = bits[i]; word != 0; word &= word - 1) {
                int token = 64 * i + Long.numberOfTrailingZeros(word);
                if (token < scores.length) {
                    ids[count] = token;
                    values[count++] = scores[token];
                }
            }
        }
    }

    private int token(int index) {
        return few ? ids[index] : index;
    }

    /**
     * Chooses one of the tokens that {@link #mask} has left.
     *
     * @param scores the scores before the mask
     * @param uniform in [0, 1), not the number of the first choice
     */
    int choose(float[] scores, Sampling sampling, double uniform) {
        if (sampling.temperature() == 0) {
            return token(Logits.argmax(values, count));
        }
        if (sampling.cut().none()) {
            // the missing shares are in proportion to the target
            return token(left.drawUncut(values, count, sampling.temperature(), uniform));
        }
        int[] kept = left.kept(values, count, sampling);
        double[] missing = new double[kept.length];
        for (int i = 0; i < kept.length; i++) {
            missing[i] = left.weight(kept[i]);
            kept[i] = token(kept[i]);
        }
        subtractShares(missing, kept, scores, sampling);
        return pick(kept, missing, uniform);
    }

    /** Takes from the target of each token what the first choice has given it. */
    private void subtractShares(double[] missing, int[] kept, float[] scores, Sampling sampling) {
        int best = all.weigh(scores, scores.length, sampling.temperature());
        // the better a token ranks, the more certain it is
        if (!Certainty.of(kept[0], all, scores.length, sampling.cut())) {
            return;
        }
        double keptSum = 0;
        for (double weight : missing) {
            keptSum += weight;
        }
        boolean[] certain = certain(kept, best, scores.length, sampling.cut());
        double allSum = all.total();
        for (int i = 0; i < kept.length; i++) {
            double share = certain[i] ? all.weight(kept[i]) / allSum : 0;
            missing[i] = Math.max(0, missing[i] / keptSum - share);
        }
    }

    /** Whether the first choice could stand, for each kept token, the best first. */
    private boolean[] certain(int[] kept, int best, int vocabulary, Sampling.Cut cut) {
        int[] ranks = new int[kept.length + 1];
        double[] before = new double[kept.length + 1];
        float least = all.weight(kept[kept.length - 1]);
        for (int token = 0; token < vocabulary; token++) {
            if (all.weight(token) >= least) {
                int place = place(kept, token);
                ranks[place]++;
                before[place] += all.weight(token);
            }
        }
        Certainty certainty = new Certainty(cut, all.weight(best));
        boolean[] certain = new boolean[kept.length];
        int rank = 0;
        double sum = 0;
        for (int i = 0; i < kept.length; i++) {
            rank += ranks[i];
            sum += before[i];
            certain[i] = certainty.of(all.weight(kept[i]), rank, sum);
        }
        return certain;
    }

    /** Index of the first kept token that ranks after this one. */
    private int place(int[] kept, int token) {
        int from = 0;
        int to = kept.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (ranksBefore(token, kept[middle])) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return from;
    }

    private boolean ranksBefore(int one, int other) {
        float weight = all.weight(one);
        float otherWeight = all.weight(other);
        return weight > otherWeight || (weight == otherWeight && one < other);
    }

    private static int pick(int[] tokens, double[] weights, double uniform) {
        double sum = 0;
        int last = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i];
            last = weights[i] > 0 ? i : last;
        }
        double target = uniform * sum;
        double running = 0;
        for (int i = 0; i < last; i++) {
            running += weights[i];
            if (weights[i] > 0 && running > target) {
                return tokens[i];
            }
        }
        return tokens[last];
    }
}
