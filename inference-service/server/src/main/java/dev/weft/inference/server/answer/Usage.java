package dev.weft.inference.server.answer;

/**
 * Tokens of a request: each prompt counted once, and all that were produced, the end token
 * included.
 *
 * @param cachedTokens those of the prompts' tokens that the engine had computed for other requests
 * @param reasoningTokens those of the produced ones that replies have up to the end of their
 *     thoughts
 */
public record Usage(int promptTokens, int cachedTokens, int completionTokens, int reasoningTokens) {
    public int totalTokens() {
        return promptTokens + completionTokens;
    }
}
