package dev.weft.inference.engine;

/**
 * Receives what a generation produces, on the engine's own thread: return quickly, never block.
 * Zero or more tokens, then exactly one of {@link #onFinish} and {@link #onError}.
 */
public interface GenerationListener {
    void onToken(TokenEvent event);

    void onFinish(FinishReason reason);

    void onError(EngineException error);
}
