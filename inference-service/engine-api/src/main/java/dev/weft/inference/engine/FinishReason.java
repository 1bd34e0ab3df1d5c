package dev.weft.inference.engine;

/** Why a generation ended by itself. */
public enum FinishReason {
    /** An end token or a stop token was produced (it is the last token event). */
    STOP,
    /** {@code maxTokens} or the context limit was reached. */
    LENGTH,
    /** {@link Generation#cancel()}. */
    CANCELLED
}
