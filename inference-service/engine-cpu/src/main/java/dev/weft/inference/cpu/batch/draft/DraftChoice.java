package dev.weft.inference.cpu.batch.draft;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * How many tokens of each draft a step verifies: as many as are expected to give the most tokens in
 * a second, all rows together.
 */
public final class DraftChoice {
    /** Gains below this are not worth a guess. */
    static final double LEAST_GAIN = 1.1;

    private record Candidate(int row, double chance) {}

    private DraftChoice() {}

    /**
     * The lengths.
     *
     * @param chances of each row's drafted tokens; they fall
     * @param most tokens, all rows together
     * @param seconds that the step takes with so many drafted tokens, expected
     * @return tokens to verify by row
     */
    public static int[] lengths(List<double[]> chances, int most, IntToDoubleFunction seconds) {
        List<Candidate> candidates = new ArrayList<>();
        for (int row = 0; row < chances.size(); row++) {
            for (double chance : chances.get(row)) {
                candidates.add(new Candidate(row, chance));
            }
        }
        // Stable, so that a row's tokens keep their order.
        candidates.sort(Comparator.comparingDouble(candidate -> -candidate.chance));
        int count = count(candidates, most, chances.size(), seconds);
        int[] lengths = new int[chances.size()];
        for (Candidate candidate : candidates.subList(0, count)) {
            lengths[candidate.row]++;
        }
        return lengths;
    }

    private static int count(
            List<Candidate> candidates, int most, int rows, IntToDoubleFunction seconds) {
        double tokens = rows;
        double best = LEAST_GAIN * tokens / seconds.applyAsDouble(0);
        int count = 0;
        for (int i = 1; i <= Math.min(most, candidates.size()); i++) {
            tokens += candidates.get(i - 1).chance;
            double rate = tokens / seconds.applyAsDouble(i);
            if (rate > best) {
                best = rate;
                count = i;
            }
        }
        return count;
    }
}
