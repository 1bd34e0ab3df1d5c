package dev.weft.inference.server.completion;

import dev.weft.inference.engine.TokenConstraint;
import java.util.function.Supplier;

/**
 * Makes a constraint for each choice of a request, and counts the memory that they need together.
 * Any thread.
 */
public interface AnswerConstraints extends Supplier<TokenConstraint> {
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
