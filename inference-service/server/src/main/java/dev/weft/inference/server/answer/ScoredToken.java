package dev.weft.inference.server.answer;

import dev.weft.inference.engine.TokenEvent;
import java.util.List;

/**
 * A token of an answer and how probable it was.
 *
 * @param logProbability natural logarithm
 * @param top the most probable tokens at its place, best first
 * @param offset the start of its text in the answer, in Unicode code points
 */
public record ScoredToken(
        int token, float logProbability, List<TokenEvent.TopToken> top, int offset) {
    public ScoredToken {
        top = List.copyOf(top);
    }
}
