package dev.weft.inference.cpu.batch.draft;

import java.util.Arrays;
import java.util.List;

/**
 * Tokens that an answer may go on with.
 *
 * @param matched number of tokens at the answer's end that also came earlier in the text; 0 if the
 *     draft was not found in the text
 * @param confidence the chance that the drafting model gives each token; empty if no model drafted
 *     them
 */
public record Draft(Source source, List<Integer> tokens, int matched, List<Double> confidence) {
    /** The source of the guessed tokens. */
    public enum Source {
        /** The tokens that followed the same tokens earlier in the request's text. */
        TEXT,
        /** The tokens that a smaller model drafts. */
        MODEL,
        /** The tokens that the answer's constraint expects. */
        CONSTRAINT
    }

    /** No guess. */
    public static final Draft NONE = found(List.of(), 0);

    public Draft {
        tokens = List.copyOf(tokens);
        confidence = List.copyOf(confidence);
    }

    /** A draft of tokens that followed the same tokens before. */
    static Draft found(List<Integer> tokens, int matched) {
        return new Draft(Source.TEXT, tokens, matched, List.of());
    }

    /** A draft of a model. */
    public static Draft computed(List<Integer> tokens, List<Double> confidence) {
        return new Draft(Source.MODEL, tokens, 0, confidence);
    }

    /** A draft of the tokens that a constraint expects. */
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
