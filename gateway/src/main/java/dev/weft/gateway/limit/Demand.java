package dev.weft.gateway.limit;

/**
 * What a request asks for.
 *
 * @param tokens an estimate of those of its prompt and its answer
 * @param stream its answer is streamed
 */
public record Demand(long tokens, boolean stream) {
    private static final int BYTES_PER_TOKEN = 4;

    /**
     * Estimates the tokens as OpenAI does: a token for four bytes, and all that the answer may
     * have.
     *
     * @param bodyBytes of the request
     * @param mostTokens of the answer; 0 if the request doesn't say
     */
    public static Demand of(int bodyBytes, long mostTokens, boolean stream) {
        return new Demand(bodyBytes / BYTES_PER_TOKEN + mostTokens, stream);
    }
}
