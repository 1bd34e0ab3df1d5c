package dev.weft.inference.cpu.batch.draft;

import dev.weft.inference.cpu.batch.cost.LearntCost;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Learns what a model's drafts cost, and finds their best length. Owner thread only. */
public final class DrafterCost {
    private static final double NANOS = 1e9;

    /**
     * Seconds of a token, all rows together. A drafter that was not tried is assumed to cost
     * nothing.
     */
    private final LearntCost token = new LearntCost();

    /**
     * Tokens that each draft should have.
     *
     * @param chances for each row that gets a draft, that a token is right if those before are
     * @param rows of the step, with and without drafts
     * @param most tokens of a draft
     * @param seconds that the step takes with so many drafted tokens, expected
     * @return 0 if drafts don't pay
     */
    public int length(List<Double> chances, int rows, int most, IntToDoubleFunction seconds) {
        double best = DraftChoice.least(rows / seconds.applyAsDouble(0));
        int length = 0;
        for (int tokens = 1; tokens <= most; tokens++) {
            double produced = rows;
            for (double chance : chances) {
                produced += sum(chance, tokens);
            }
            double took = seconds.applyAsDouble(tokens * chances.size()) + tokens * token.orElse(0);
            if (produced / took > best) {
                best = produced / took;
                length = tokens;
            }
        }
        return length;
    }

    private static double sum(double chance, int tokens) {
        double sum = 0;
        double all = 1;
        for (int i = 0; i < tokens; i++) {
            all *= chance;
            sum += all;
        }
        return sum;
    }

    /** Takes in the time of drafts. */
    public void measured(List<Draft> drafts, long nanos) {
        int longest = drafts.stream().mapToInt(draft -> draft.tokens().size()).max().orElse(0);
        if (longest > 0) {
            token.measured(nanos / NANOS / longest);
        }
    }

    /** Lets the cost drift, since nothing was drafted. */
    public void unused() {
        token.unmeasured(0);
    }
}
