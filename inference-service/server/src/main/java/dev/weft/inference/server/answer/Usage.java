package dev.weft.inference.server.answer;

/**
 * The token counts of a request. Each prompt counts once, and so does each produced token, the end
 * token included.
 *
 * @param cachedTokens prompt tokens that the engine had computed for other requests
 * @param reasoningTokens produced tokens up to the end of each reply's thoughts
 */
public record Usage(int promptTokens, int cachedTokens, int completionTokens, int reasoningTokens) {
    public int totalTokens() {
        return promptTokens + completionTokens;
    }
}
