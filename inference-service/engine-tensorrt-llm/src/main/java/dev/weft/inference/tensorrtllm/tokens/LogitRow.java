package dev.weft.inference.tensorrtllm.tokens;

import dev.weft.inference.engine.TokenEvent.TopToken;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** A row of logits, read as logarithms of probabilities. */
final class LogitRow {
    private static final Comparator<TopToken> BEST_LAST =
            Comparator.comparingDouble(TopToken::logProbability)
                    .thenComparing(Comparator.comparingInt(TopToken::token).reversed());

    private final float[] logits;
    private final int from;
    private final int vocabulary;
    private final double logOfSum;

    /**
     * A row.
     *
     * @param vocabulary tokens that count; padding may follow
     */
    LogitRow(float[] logits, int from, int vocabulary) {
        this.logits = logits;
        this.from = from;
        this.vocabulary = vocabulary;
        float best = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < vocabulary; i++) {
            best = Math.max(best, logits[from + i]);
        }
        double sum = 0;
        for (int i = 0; i < vocabulary; i++) {
            sum += Math.exp(logits[from + i] - best);
        }
        logOfSum = best + Math.log(sum);
    }

    float of(int token) {
        return (float) (logits[from + token] - logOfSum);
    }

    /** The best ones, best first. */
    List<TopToken> top(int count) {
        if (count == 0) {
            return List.of();
        }
        PriorityQueue<TopToken> best = new PriorityQueue<>(count, BEST_LAST);
        float worst = Float.NEGATIVE_INFINITY;
        for (int token = 0; token < vocabulary; token++) {
            if (best.size() == count && logits[from + token] < worst) {
                continue;
            }
            TopToken candidate = new TopToken(token, of(token));
            if (best.size() < count) {
                best.add(candidate);
            } else if (BEST_LAST.compare(candidate, best.element()) > 0) {
                best.remove();
                best.add(candidate);
            }
            worst = logits[from + best.element().token()];
        }
        List<TopToken> top = new ArrayList<>(best);
        top.sort(BEST_LAST.reversed());
        return top;
    }
}
