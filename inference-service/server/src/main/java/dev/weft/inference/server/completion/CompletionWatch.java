package dev.weft.inference.server.completion;

import dev.weft.inference.engine.GenerationWork;
import dev.weft.inference.server.residency.AdapterArrival;
import dev.weft.protocol.error.ErrorCode;

/**
 * Is told how far a request has come, at the moment it happens; for traces. Called on the engine's
 * thread among others: returns at once and never fails. A choice's calls come in order.
 */
public interface CompletionWatch {
    /** Sees nothing. */
    CompletionWatch NONE = new CompletionWatch() {};

    /** Those to tell the request's times to, made of the ones for all requests. */
    default RequestTimes times(RequestTimes ofAll) {
        return ofAll;
    }

    /** From here on it waits for its adapter. */
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
     * @param cachedTokens of it, those that were computed before
     */
    default void prompted(int choice, int cachedTokens) {}

    /** What the engine says of a choice that is about to end. */
    default void worked(int choice, GenerationWork work) {}

    /**
     * The engine is done with a choice.
     *
     * @param tokens that it produced
     * @param how {@code stop}, {@code length}, {@code cancelled} or the code of an error
     * @param failed it is an error
     */
    default void ended(int choice, int tokens, String how, boolean failed) {}
}
