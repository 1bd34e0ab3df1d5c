package dev.weft.inference.engine;

import java.util.List;

/**
 * One produced token.
 *
 * @param index 0 for the first produced token
 * @param endOfSequence whether it is one of the request's stop tokens: its text is not part of the
 *     answer
 * @param logProbability natural logarithm of the token's probability under the model's own
 *     distribution (before temperature, penalties and filters); NaN unless the request asked
 * @param top the most probable tokens, best first, as many as the request asked for
 */
public record TokenEvent(
        int index, int token, boolean endOfSequence, float logProbability, List<TopToken> top) {
    /** A candidate and its log-probability. */
    public record TopToken(int token, float logProbability) {}
}
