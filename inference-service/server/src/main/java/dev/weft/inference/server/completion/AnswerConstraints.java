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
     * @param maxTokens that the choice may have
     */
    TokenConstraint of(int maxTokens);

    /**
     * Checks that answers which have to be complete can be.
     *
     * @param maxTokens that each may have
     * @throws ApiException names both numbers if the shortest answer has more
     */
    default void check(int maxTokens) {}

    /**
     * The request begins, or goes on: takes the memory that is needed by now.
     *
     * @return whether there is enough; if not, the request has to end
     */
    default boolean hold() {
        return true;
    }

    /** The request has ended; once for each that {@link #hold} was asked for. */
    default void release() {}
}
