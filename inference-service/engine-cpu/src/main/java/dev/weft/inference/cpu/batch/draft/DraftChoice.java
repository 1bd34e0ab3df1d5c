package dev.weft.inference.cpu.batch.draft;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Chooses how many tokens of each draft a step verifies, so that all rows together are expected to
 * give the most tokens in a second.
 */
public final class DraftChoice {
    /** Gains below this are not worth a guess. */
    private static final double LEAST_GAIN = 1.1;

    private record Candidate(int row, double chance) {}

    private record Count(int tokens, double gain) {}

    /**
     * The drafted tokens that a step verifies.
     *
     * @param lengths tokens by row
     * @param gain tokens in a second over those of a step that verifies none; 1 if it verifies none
     */
    public record Choice(List<Integer> lengths, double gain) {
        public Choice {
            lengths = List.copyOf(lengths);
        }

        /** Tokens of all rows together. */
        public int tokens() {
            return lengths.stream().mapToInt(Integer::intValue).sum();
        }
    }

    private DraftChoice() {}

    /**
     * The choice.
     *
     * @param chances of each row's drafted tokens; they fall
     * @param most tokens, all rows together
     * @param seconds that the step takes with so many drafted tokens, expected; nothing is verified
     *     if it is not known what the step takes without them
     */
    public static Choice of(List<double[]> chances, int most, IntToDoubleFunction seconds) {
        List<Candidate> candidates = new ArrayList<>();
        for (int row = 0; row < chances.size(); row++) {
            for (double chance : chances.get(row)) {
                candidates.add(new Candidate(row, chance));
            }
        }
        // Stable, so that a row's tokens keep their order.
        candidates.sort(Comparator.comparingDouble(candidate -> -candidate.chance));
        Count count = count(candidates, most, chances.size(), seconds);
        int[] lengths = new int[chances.size()];
        for (Candidate candidate : candidates.subList(0, count.tokens)) {
            lengths[candidate.row]++;
        }
        return new Choice(Arrays.stream(lengths).boxed().toList(), count.gain);
    }

    /**
     * The rate that guesses have to exceed.
     *
     * @param without tokens in a second without guesses; 0 if that is not known
     */
    static double least(double without) {
        return without > 0 ? LEAST_GAIN * without : Double.POSITIVE_INFINITY;
    }

    private static Count count(
            List<Candidate> candidates, int most, int rows, IntToDoubleFunction seconds) {
        double tokens = rows;
        double without = tokens / seconds.applyAsDouble(0);
        double best = least(without);
        Count count = new Count(0, 1);
        for (int i = 1; i <= Math.min(most, candidates.size()); i++) {
            tokens += candidates.get(i - 1).chance;
            double rate = tokens / seconds.applyAsDouble(i);
            if (rate > best) {
                best = rate;
                count = new Count(i, rate / without);
            }
        }
        return count;
    }
}
