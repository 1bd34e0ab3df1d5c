package dev.weft.inference.server.completion;

/**
 * Tokens of a request: each prompt counted once, and all that were produced, the end token
 * included.
 */
public record Usage(int promptTokens, int completionTokens) {
    public int totalTokens() {
        return promptTokens + completionTokens;
    }
}
