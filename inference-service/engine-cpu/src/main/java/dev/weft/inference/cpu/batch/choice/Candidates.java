package dev.weft.inference.cpu.batch.choice;

import dev.weft.inference.cpu.kernel.vector.Logits;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.TokenEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Ranks and draws tokens. Ties are ranked by token id, so that nothing depends on the order in
 * which candidates were found.
 */
final class Candidates {
    /** Candidates this much below the best are looked at only if top_p asks for them. */
    private static final float FIRST_CUT = 1e-4f;

    /**
     * More tokens than this are found by sorting, not in a heap: 200 of 150,000 take as long either
     * way.
     */
    private static final int MOST_IN_A_HEAP = 200;

    /**
     * Weights are added up in blocks of so many tokens; the blocks' sums show in which block a draw
     * falls.
     */
    private static final int BLOCK = 64;

    private final float[] weights;

    /** {@code [blocks]}: the sum of a block's weights. */
    private final double[] blocks;

    /** Number of tokens that were weighed last. */
    private int count;

    /**
     * The keys of {@link #ranked}, kept so that a token leaves no garbage of the vocabulary's size.
     */
    private final long[] keys;

    Candidates(int vocabularySize) {
        this.weights = new float[vocabularySize];
        this.blocks = new double[(vocabularySize + BLOCK - 1) / BLOCK];
        this.keys = new long[vocabularySize];
    }

    /** The {@code count} most probable tokens, best first. */
    List<TokenEvent.TopToken> top(float[] logits, int count, double logSum) {
        if (count <= 0) {
            return List.of();
        }
        List<TokenEvent.TopToken> top = new ArrayList<>();
        for (int token : best(logits, logits.length, count)) {
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
        return sampling.cut().none()
                ? drawUncut(scores, scores.length, sampling.temperature(), uniform)
                : pick(kept(scores, scores.length, sampling), uniform);
    }

    /**
     * Draws one of the first {@code size} tokens as if nothing were cut.
     *
     * @param scores as for {@link #draw}
     */
    int drawUncut(float[] scores, int size, double temperature, double uniform) {
        weigh(scores, size, temperature);
        return pickAny(uniform * total());
    }

    /**
     * The tokens among the first {@code size} that top_k, top_p and min_p keep, best first; they
     * have a {@link #weight}.
     */
    int[] kept(float[] scores, int size, Sampling sampling) {
        int best = weigh(scores, size, sampling.temperature());
        return kept(sampling, weights[best]);
    }

    /** The weight that a token was given last; the best one's is 1. */
    float weight(int token) {
        return weights[token];
    }

    /** Weighs the first {@code size} tokens; returns the best one. */
    int weigh(float[] scores, int size, double temperature) {
        count = size;
        int best = Logits.argmax(scores, size);
        Logits.exponentials(scores, size, scores[best], factor(temperature), weights);
        return best;
    }

    /** The sum of the weights of all tokens that were weighed last. */
    double total() {
        double sum = 0;
        for (int block = 0; block * BLOCK < count; block++) {
            blocks[block] = sumOf(block * BLOCK, Math.min(count, (block + 1) * BLOCK));
            sum += blocks[block];
        }
        return sum;
    }

    /** A sum in an order that is the same on every machine: four sums side by side. */
    private double sumOf(int from, int to) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = from;
        for (; i <= to - 4; i += 4) {
            a += weights[i];
            b += weights[i + 1];
            c += weights[i + 2];
            d += weights[i + 3];
        }
        for (; i < to; i++) {
            a += weights[i];
        }
        return (a + b) + (c + d);
    }

    /**
     * The first token at which the running sum of weights exceeds a target. {@link #total} must
     * have run.
     */
    private int pickAny(double target) {
        double before = 0;
        double running = 0;
        int last = 0;
        for (int block = 0; block * BLOCK < count && running <= target; block++) {
            if (blocks[block] > 0) {
                last = block;
                before = running;
                running += blocks[block];
            }
        }
        running = before;
        int token = 0;
        for (int i = last * BLOCK; i < Math.min(count, (last + 1) * BLOCK); i++) {
            if (weights[i] > 0) {
                running += weights[i];
                token = i;
                if (running > target) {
                    break;
                }
            }
        }
        return token;
    }

    /**
     * The factor of scores. At the smallest temperatures it is the largest finite one, which leaves
     * only the best score, as the limit does.
     */
    static float factor(double temperature) {
        return (float) Math.min(1 / temperature, Float.MAX_VALUE);
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

    /**
     * Tokens that top_k, top_p and min_p leave, best first. In vLLM's order: top_p counts what the
     * other two leave.
     */
    private int[] kept(Sampling sampling, float bestWeight) {
        Sampling.Cut cut = sampling.cut();
        float floor = (float) (cut.minP() * bestWeight);
        if (cut.topK() > 0 && cut.topK() < count) {
            int[] ranked = best(weights, count, cut.topK());
            return cut(ranked, cut.topP(), floor, sumOf(ranked, floor));
        }
        if (floor > 0) {
            int[] ranked = atLeast(floor);
            return cut(ranked, cut.topP(), floor, sumOf(ranked, floor));
        }
        double total = total();
        int[] likely = cut(atLeast(FIRST_CUT * bestWeight), cut.topP(), 0, total);
        boolean complete = sumOf(likely, 0) >= cut.topP() * total;
        return complete ? likely : cut(atLeast(0), cut.topP(), 0, total);
    }

    private int[] cut(int[] ranked, double topP, float floor, double total) {
        double running = 0;
        int kept = 0;
        while (kept < ranked.length) {
            float weight = weights[ranked[kept]];
            boolean enough = running >= topP * total;
            if (kept > 0 && (enough || weight < floor || weight == 0)) {
                break;
            }
            running += weight;
            kept++;
        }
        return Arrays.copyOf(ranked, kept);
    }

    /** The sum of the weights that are at least the floor. */
    private double sumOf(int[] tokens, float floor) {
        double sum = 0;
        for (int token : tokens) {
            sum += weights[token] >= floor ? weights[token] : 0;
        }
        return sum;
    }

    private int[] atLeast(float floor) {
        return ranked(weights, count, Math.max(floor, Float.MIN_VALUE));
    }

    /**
     * The best of the first {@code size} tokens. A heap finds them if they are few; if not, sorting
     * all costs less.
     */
    private int[] best(float[] values, int size, int most) {
        if (most > MOST_IN_A_HEAP) {
            int[] all = ranked(values, size, Float.NEGATIVE_INFINITY);
            return Arrays.copyOf(all, Math.min(most, all.length));
        }
        Comparator<Integer> ranking =
                Comparator.<Integer>comparingDouble(i -> -values[i])
                        .thenComparingInt(Integer::intValue);
        PriorityQueue<Integer> heap = new PriorityQueue<>(most + 1, ranking.reversed());
        float least = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < size; i++) {
            boolean full = heap.size() == most;
            if (!full || values[i] > least) {
                heap.add(i);
                if (full) {
                    heap.remove();
                }
                least = values[heap.element()];
            }
        }
        return heap.stream().sorted(ranking).mapToInt(Integer::intValue).toArray();
    }

    /**
     * The tokens among the first {@code size} whose value is at least the floor, the largest first.
     */
    private int[] ranked(float[] values, int size, float floor) {
        int found = 0;
        for (int i = 0; i < size; i++) {
            if (values[i] >= floor) {
                keys[found++] = key(values[i], i);
            }
        }
        Arrays.sort(keys, 0, found);
        int[] tokens = new int[found];
        for (int i = 0; i < found; i++) {
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
