package dev.weft.inference.server.completion;

/**
 * Tokens of a request: each prompt counted once, and all that were produced, the end token
 * included.
 *
 * @param cachedTokens those of the prompts' tokens that the engine had computed for other requests
 */
public record Usage(int promptTokens, int cachedTokens, int completionTokens) {
    public int totalTokens() {
        return promptTokens + completionTokens;
    }
}
