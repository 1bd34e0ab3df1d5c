package dev.weft.gateway.limit;

/**
 * What a request asks for.
 *
 * @param prompt an estimate of its prompt's tokens
 * @param answer the most tokens of its answer
 * @param stream its answer is streamed
 * @param messages its client reads the headers of Anthropic's API
 */
public record Demand(long prompt, long answer, boolean stream, boolean messages) {
    private static final int BYTES_PER_TOKEN = 4;

    /**
     * Estimates the tokens as OpenAI does: a token for four bytes, and all that the answer may
     * have.
     *
     * @param bodyBytes of the request
     * @param mostTokens of the answer; 0 if the request doesn't say
     */
    public static Demand of(int bodyBytes, long mostTokens, boolean stream, boolean messages) {
        return new Demand(bodyBytes / BYTES_PER_TOKEN, mostTokens, stream, messages);
    }

    /** All tokens that the request may use. */
    public long tokens() {
        return prompt + answer;
    }
}
