package dev.weft.inference.engine;

/** A running request. */
public interface Generation {
    /**
     * Frees the request's row before the next step but one; its listener gets {@link
     * GenerationListener#onFinish} with {@link FinishReason#CANCELLED} unless it had ended.
     * Idempotent, from any thread.
     */
    void cancel();
}
