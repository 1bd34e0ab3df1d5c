package dev.weft.gateway.rollout.shadow.text;

import dev.weft.protocol.shadow.Likeness;
import dev.weft.protocol.usage.TokenCount;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares two answers to the same request. It keeps nothing of them. */
public final class AnswerComparison {
    private AnswerComparison() {}

    /**
     * Compares one pair.
     *
     * @param request the body that both answer
     */
    public static Likeness of(
            byte[] request,
            Said served,
            @Nullable TokenCount servedTokens,
            Said candidate,
            @Nullable TokenCount candidateTokens) {
        AnswerText first = AnswerText.read(served);
        AnswerText second = AnswerText.read(candidate);
        boolean whole = served.isWhole() && candidate.isWhole();
        boolean greedy = whole && isGreedy(request);
        return new Likeness(
                1,
                servedTokens == null ? 0 : servedTokens.output(),
                candidateTokens == null ? 0 : candidateTokens.output(),
                whole && first.finish().equals(second.finish()) ? 1 : 0,
                greedy ? 1 : 0,
                greedy && first.text().equals(second.text()) ? 1 : 0,
                greedy ? prefix(first.text(), second.text()) : 0);
    }

    /** True if no chance is in the answers: only then should they be the same. */
    private static boolean isGreedy(byte[] body) {
        try {
            JsonNode temperature = JsonMapper.shared().readTree(body).path("temperature");
            return temperature.isNumber() && temperature.asDouble() == 0;
        } catch (JacksonException e) {
            return false;
        }
    }

    /** The part of the longer text with which both begin. */
    static double prefix(String first, String second) {
        int longer = Math.max(first.length(), second.length());
        int shorter = Math.min(first.length(), second.length());
        int same = 0;
        while (same < shorter && first.charAt(same) == second.charAt(same)) {
            same++;
        }
        return longer == 0 ? 1 : (double) same / longer;
    }
}
