package dev.weft.inference.server.completion;

import dev.weft.inference.engine.GenerationWork;
import dev.weft.inference.server.residency.AdapterArrival;
import dev.weft.protocol.error.ErrorCode;

/**
 * Hears of a request's progress as it happens; for traces. The engine's thread calls it too: return
 * at once and never fail. A choice's calls come in order.
 */
public interface CompletionWatch {
    /** Sees nothing. */
    CompletionWatch NONE = new CompletionWatch() {};

    /** The receiver of this request's times, made from the one for all requests. */
    default RequestTimes times(RequestTimes ofAll) {
        return ofAll;
    }

    /** The request begins to wait for its adapter. */
    default void adapterAsked() {}

    /** The adapter is in its slot. */
    default void adapterLeased(AdapterArrival arrival) {}

    /** The adapter can't be had. */
    default void adapterMissed(ErrorCode why) {}

    /** A choice is handed to the engine. */
    default void queued(int choice) {}

    /**
     * A choice's prompt has passed through the model.
     *
     * @param cachedTokens tokens of it that were computed before
     */
    default void prompted(int choice, int cachedTokens) {}

    /** The engine tells what a choice cost it; the choice is about to end. */
    default void worked(int choice, GenerationWork work) {}

    /**
     * The engine is done with a choice.
     *
     * @param tokens that it produced
     * @param how {@code stop}, {@code length}, {@code cancelled} or the code of an error
     * @param failed whether it is an error
     */
    default void ended(int choice, int tokens, String how, boolean failed) {}
}
