package dev.weft.inference.cpu.batch;

import dev.weft.inference.cpu.kernel.vector.Logits;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.TokenEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * Ranks and draws tokens. Ties are ranked by token id, so that nothing depends on the order in
 * which candidates were found.
 */
final class Candidates {
    /** Candidates this much below the best are looked at only if top_p asks for them. */
    private static final float FIRST_CUT = 1e-4f;

    /** 200 of 150,000 take as long by either way. */
    private static final int MOST_IN_A_HEAP = 200;

    private final float[] weights;

    /**
     * The keys of {@link #ranked}, kept so that a token leaves no garbage of the vocabulary's size.
     */
    private final long[] keys;

    Candidates(int vocabularySize) {
        this.weights = new float[vocabularySize];
        this.keys = new long[vocabularySize];
    }

    /** The {@code count} most probable tokens, best first. */
    List<TokenEvent.TopToken> top(float[] logits, int count, double logSum) {
        if (count <= 0) {
            return List.of();
        }
        List<TokenEvent.TopToken> top = new ArrayList<>();
        for (int token : best(logits, count)) {
            top.add(new TokenEvent.TopToken(token, (float) (logits[token] - logSum)));
        }
        return top;
    }

    /**
     * Draws a token with {@code uniform} in [0, 1).
     *
     * @param scores the largest is finite, the others may be negative infinity
     */
    int draw(float[] scores, Sampling sampling, double uniform) {
        return pick(kept(scores, sampling), uniform);
    }

    /**
     * Draws a token as if nothing were cut.
     *
     * @param scores as for {@link #draw}
     */
    int drawUncut(float[] scores, double temperature, double uniform) {
        weigh(scores, temperature);
        return pick(all(), uniform);
    }

    /**
     * Tokens that may be drawn, with their {@link #weight}: those that top_k, top_p and min_p
     * leave, best first; all if nothing is cut.
     */
    int[] kept(float[] scores, Sampling sampling) {
        int best = weigh(scores, sampling.temperature());
        return sampling.cut().none() ? all() : kept(sampling, weights[best]);
    }

    /** The weight that a token was given last; the best one's is 1. */
    float weight(int token) {
        return weights[token];
    }

    /** Weighs every token; returns the best one. */
    int weigh(float[] scores, double temperature) {
        int best = Logits.argmax(scores);
        Logits.exponentials(scores, scores[best], factor(temperature), weights);
        return best;
    }

    /** The largest finite factor leaves nothing but the best score, as the limit does. */
    static float factor(double temperature) {
        return (float) Math.min(1 / temperature, Float.MAX_VALUE);
    }

    private int[] all() {
        return IntStream.range(0, weights.length).toArray();
    }

    private int pick(int[] order, double uniform) {
        double sum = 0;
        for (int token : order) {
            sum += weights[token];
        }
        double target = uniform * sum;
        double running = 0;
        int last = order[0];
        for (int token : order) {
            if (weights[token] > 0) {
                running += weights[token];
                last = token;
                if (running > target) {
                    return token;
                }
            }
        }
        return last;
    }

    /** Tokens that top_k, top_p and min_p leave, best first. */
    private int[] kept(Sampling sampling, float bestWeight) {
        float floor = (float) (sampling.cut().minP() * bestWeight);
        if (sampling.cut().topK() > 0 && sampling.cut().topK() < weights.length) {
            int[] ranked = best(weights, sampling.cut().topK());
            return cut(ranked, sampling.cut().topP(), floor, sumOf(ranked));
        }
        double total = 0;
        for (float weight : weights) {
            total += weight;
        }
        int[] likely =
                cut(
                        atLeast(Math.max(floor, FIRST_CUT * bestWeight)),
                        sampling.cut().topP(),
                        floor,
                        total);
        boolean complete =
                floor >= FIRST_CUT * bestWeight || sumOf(likely) >= sampling.cut().topP() * total;
        return complete ? likely : cut(atLeast(floor), sampling.cut().topP(), floor, total);
    }

    private int[] cut(int[] ranked, double topP, float floor, double total) {
        double running = 0;
        int count = 0;
        while (count < ranked.length) {
            float weight = weights[ranked[count]];
            boolean enough = running >= topP * total;
            if (count > 0 && (enough || weight < floor || weight == 0)) {
                break;
            }
            running += weight;
            count++;
        }
        return Arrays.copyOf(ranked, count);
    }

    private double sumOf(int[] tokens) {
        double sum = 0;
        for (int token : tokens) {
            sum += weights[token];
        }
        return sum;
    }

    private int[] atLeast(float floor) {
        return ranked(weights, Math.max(floor, Float.MIN_VALUE));
    }

    /** The best tokens; a heap finds few of many, else sorting all of them costs less. */
    private int[] best(float[] values, int count) {
        if (count > MOST_IN_A_HEAP) {
            int[] all = ranked(values, Float.NEGATIVE_INFINITY);
            return Arrays.copyOf(all, Math.min(count, all.length));
        }
        Comparator<Integer> ranking =
                Comparator.<Integer>comparingDouble(i -> -values[i])
                        .thenComparingInt(Integer::intValue);
        PriorityQueue<Integer> heap = new PriorityQueue<>(count + 1, ranking.reversed());
        for (int i = 0; i < values.length; i++) {
            boolean full = heap.size() == count;
            if (!full || values[i] > values[heap.element()]) {
                heap.add(i);
                if (full) {
                    heap.remove();
                }
            }
        }
        return heap.stream().sorted(ranking).mapToInt(Integer::intValue).toArray();
    }

    /** Tokens whose value is at least the floor, the largest first. */
    private int[] ranked(float[] values, float floor) {
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            if (values[i] >= floor) {
                keys[count++] = key(values[i], i);
            }
        }
        Arrays.sort(keys, 0, count);
        int[] tokens = new int[count];
        for (int i = 0; i < count; i++) {
            tokens[i] = (int) keys[i];
        }
        return tokens;
    }

    /** A number that orders tokens by rank: the inverted value, then the token. */
    private static long key(float value, int token) {
        int bits = Float.floatToIntBits(value);
        int ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
        return (long) ~ascending << 32 | token;
    }
}
