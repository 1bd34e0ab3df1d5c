package dev.weft.inference.engine;

/**
 * Receives what a generation produces, on the engine's own thread: return quickly, never block.
 * {@link #onRow} and then {@link #onPrompt} once before the first token, zero or more tokens, then
 * exactly one of {@link #onFinish} and {@link #onError}.
 */
public interface GenerationListener {
    /**
     * It waits no longer: it holds a row of the batch, or, where the engine's runtime forms the
     * batches, it was handed to that.
     */
    default void onRow() {}

    /**
     * The prompt has passed through the model; its first token follows.
     *
     * @param cachedTokens of the prompt that the engine had computed for other requests; less than
     *     the prompt has
     */
    void onPrompt(int cachedTokens);

    void onToken(TokenEvent event);

    /** What it took, as far as the engine knows; once, just before the terminal event. */
    default void onWork(GenerationWork work) {}

    void onFinish(FinishReason reason);

    void onError(EngineException error);
}
