package dev.weft.inference.engine;

/**
 * Receives what a generation produces, on the engine's own thread: return quickly, never block. The
 * order is {@link #onRow} and {@link #onPrompt}, each once before the first token, zero or more
 * tokens, then exactly one of {@link #onFinish} and {@link #onError}. A request for a vector gets
 * {@link #onVector} instead of tokens.
 */
public interface GenerationListener {
    /**
     * The request waits no longer: it holds a row of the batch or, if the engine's runtime forms
     * the batches, was handed to the runtime.
     */
    default void onRow() {}

    /**
     * The prompt has passed through the model; its first token follows.
     *
     * @param cachedTokens tokens of the prompt that the engine had computed for other requests;
     *     fewer than the prompt has
     */
    void onPrompt(int cachedTokens);

    void onToken(TokenEvent event);

    /**
     * The vector of a pooled request; its finish with {@link FinishReason#STOP} follows.
     *
     * @param vector finite values, the receiver's own
     */
    default void onVector(float[] vector) {}

    /**
     * What the generation cost, as far as the engine knows; called once, just before the terminal
     * event.
     */
    default void onWork(GenerationWork work) {}

    void onFinish(FinishReason reason);

    void onError(EngineException error);
}
