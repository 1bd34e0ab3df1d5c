package dev.weft.inference.cpu.batch;

import dev.weft.inference.cpu.kernel.Logits;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.TokenEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * Ranks and draws tokens. Ties are ranked by token id, so that nothing depends on the order in
 * which candidates were found.
 */
final class Candidates {
    /** Candidates this much below the best are looked at only where top_p asks for them. */
    private static final float FIRST_CUT = 1e-4f;

    private final float[] weights;

    Candidates(int vocabularySize) {
        this.weights = new float[vocabularySize];
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

    /** Draws a token with {@code uniform} in [0, 1). */
    int draw(float[] scores, Sampling sampling, double uniform) {
        int best = Logits.argmax(scores);
        Logits.exponentials(scores, scores[best], (float) (1 / sampling.temperature()), weights);
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] == Float.NEGATIVE_INFINITY) {
                weights[i] = 0;
            }
        }
        boolean all = sampling.topK() <= 0 && sampling.topP() >= 1 && sampling.minP() <= 0;
        int[] order =
                all ? IntStream.range(0, scores.length).toArray() : kept(sampling, weights[best]);
        return pick(order, uniform);
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
        float floor = (float) (sampling.minP() * bestWeight);
        if (sampling.topK() > 0 && sampling.topK() < weights.length) {
            int[] ranked = best(weights, sampling.topK());
            return cut(ranked, sampling.topP(), floor, sumOf(ranked));
        }
        double total = 0;
        for (float weight : weights) {
            total += weight;
        }
        int[] likely =
                cut(
                        atLeast(Math.max(floor, FIRST_CUT * bestWeight)),
                        sampling.topP(),
                        floor,
                        total);
        boolean complete =
                floor >= FIRST_CUT * bestWeight || sumOf(likely) >= sampling.topP() * total;
        return complete ? likely : cut(atLeast(floor), sampling.topP(), floor, total);
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
        return java.util.Arrays.copyOf(ranked, count);
    }

    private double sumOf(int[] tokens) {
        double sum = 0;
        for (int token : tokens) {
            sum += weights[token];
        }
        return sum;
    }

    private int[] atLeast(float floor) {
        return IntStream.range(0, weights.length)
                .filter(i -> weights[i] > 0 && weights[i] >= floor)
                .boxed()
                .sorted(ranking(weights))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static int[] best(float[] values, int count) {
        Comparator<Integer> ranking = ranking(values);
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

    private static Comparator<Integer> ranking(float[] values) {
        return Comparator.<Integer>comparingDouble(i -> -values[i])
                .thenComparingInt(Integer::intValue);
    }
}
