package dev.weft.inference.server.completion;

import dev.weft.inference.engine.constraint.TokenConstraint;
import dev.weft.protocol.error.ApiException;

/**
 * Makes a constraint for each choice of a request, and counts the memory that they need together.
 * Any thread.
 */
public interface AnswerConstraints {
    /**
     * The constraint of one choice.
     *
     * @param maxTokens the most tokens that the choice may have
     */
    TokenConstraint of(int maxTokens);

    /**
     * Checks that answers that have to be complete can be complete within their tokens.
     *
     * @param maxTokens the most tokens that each answer may have
     * @throws ApiException names both numbers if the shortest answer has more
     */
    default void check(int maxTokens) {}

    /**
     * Takes the memory that the request needs by now; called when it begins and as it goes on.
     *
     * @return whether there is enough; if not, the request has to end
     */
    default boolean hold() {
        return true;
    }

    /** The request has ended. Called once, even if {@link #hold} was never called. */
    default void release() {}
}
