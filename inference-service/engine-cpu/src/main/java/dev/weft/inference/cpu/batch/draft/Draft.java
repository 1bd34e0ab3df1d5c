package dev.weft.inference.cpu.batch.draft;

import java.util.Arrays;
import java.util.List;

/**
 * Tokens that an answer may go on with.
 *
 * @param matched tokens at the answer's end that came before as they came now; 0 if it was not
 *     found in the text
 * @param confidence for each token, the chance that the model that drafts gives it; empty if none
 *     has drafted it
 */
public record Draft(Source source, List<Integer> tokens, int matched, List<Double> confidence) {
    /** What guesses the tokens. */
    public enum Source {
        /** What followed the same tokens in the request's text. */
        TEXT,
        /** What a smaller model says. */
        MODEL,
        /** What the answer's constraint hardly lets be another. */
        CONSTRAINT
    }

    /** No guess. */
    public static final Draft NONE = found(List.of(), 0);

    public Draft {
        tokens = List.copyOf(tokens);
        confidence = List.copyOf(confidence);
    }

    /** What followed the same tokens before. */
    static Draft found(List<Integer> tokens, int matched) {
        return new Draft(Source.TEXT, tokens, matched, List.of());
    }

    /** What a model drafts. */
    public static Draft computed(List<Integer> tokens, List<Double> confidence) {
        return new Draft(Source.MODEL, tokens, 0, confidence);
    }

    /** What a constraint expects. */
    public static Draft expected(int[] tokens) {
        return new Draft(Source.CONSTRAINT, Arrays.stream(tokens).boxed().toList(), 0, List.of());
    }

    /** Returns the first {@code count} tokens of this guess. */
    public Draft first(int count) {
        return count >= tokens.size()
                ? this
                : new Draft(
                        source,
                        tokens.subList(0, count),
                        matched,
                        confidence.isEmpty() ? confidence : confidence.subList(0, count));
    }
}
