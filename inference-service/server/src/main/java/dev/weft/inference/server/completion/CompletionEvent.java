package dev.weft.inference.server.completion;

import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.TokenEvent;

/** What the engine says about one choice of a request. */
public sealed interface CompletionEvent {
    int choice();

    /**
     * The engine has read the choice's prompt; {@code cachedTokens} of its tokens had been computed
     * before.
     */
    record Prompted(int choice, int cachedTokens) implements CompletionEvent {}

    /** A token was produced. */
    record Produced(int choice, TokenEvent token) implements CompletionEvent {}

    /** The vector of a choice's prompt was made. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Pooled(int choice, float[] vector) implements CompletionEvent {}

    /** The choice has ended; nothing follows for it. */
    record Ended(int choice, FinishReason reason) implements CompletionEvent {}
}
