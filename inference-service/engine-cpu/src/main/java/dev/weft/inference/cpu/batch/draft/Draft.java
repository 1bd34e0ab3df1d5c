package dev.weft.inference.cpu.batch.draft;

import java.util.List;

/**
 * Tokens that an answer may go on with.
 *
 * @param matched tokens at the answer's end that came before as they came now; 0 if a model drafts
 * @param confidence for each token, the chance that the model that drafts gives it; empty if it was
 *     found in the text
 */
public record Draft(List<Integer> tokens, int matched, List<Double> confidence) {
    /** No guess. */
    public static final Draft NONE = found(List.of(), 0);

    public Draft {
        tokens = List.copyOf(tokens);
        confidence = List.copyOf(confidence);
    }

    /** What followed the same tokens before. */
    static Draft found(List<Integer> tokens, int matched) {
        return new Draft(tokens, matched, List.of());
    }

    /** What a model drafts. */
    public static Draft computed(List<Integer> tokens, List<Double> confidence) {
        return new Draft(tokens, 0, confidence);
    }

    /** Whether a model has drafted it. */
    boolean isComputed() {
        return !confidence.isEmpty();
    }

    /** The same guess, cut. */
    public Draft first(int count) {
        return count >= tokens.size()
                ? this
                : new Draft(
                        tokens.subList(0, count),
                        matched,
                        confidence.isEmpty() ? confidence : confidence.subList(0, count));
    }
}
