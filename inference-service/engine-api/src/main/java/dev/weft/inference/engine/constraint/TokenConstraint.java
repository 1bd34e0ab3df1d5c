package dev.weft.inference.engine.constraint;

import dev.weft.inference.engine.EngineException;
import java.util.Optional;

/**
 * Decides which tokens one answer may have, such as those of a grammar. A constraint follows one
 * answer: no two requests share one.
 *
 * <p>An engine tests its own choice with {@link #tryAllows} first, and asks for a {@link #mask}
 * only if that is refused. It calls one method at a time, from threads of its choice. {@link
 * #tryAllows}, {@link #accept} and {@link #mayEnd} run between steps that others share: they take
 * microseconds and never wait. {@link #mask} may take longer; the engine keeps it away from others.
 * An exception of a method ends the answer with an error; an {@link EngineException} reaches the
 * client as it is.
 */
public interface TokenConstraint {
    /**
     * Whether this token may come next. A token that ends answers is allowed if {@link #mayEnd}.
     *
     * @param token an id of the vocabulary
     */
    boolean allows(int token);

    /**
     * The result of {@link #allows}; empty if it would have to wait for another answer. An engine
     * then asks again on a thread that may wait. To accept a token that was just found allowed
     * takes no waiting.
     *
     * @param token an id of the vocabulary
     */
    default Optional<Boolean> tryAllows(int token) {
        return Optional.of(allows(token));
    }

    /**
     * Tokens that are likely to come next, because the answer's text can hardly go on otherwise.
     * They are a guess: an engine may compute them ahead, and tests them like its own choices.
     * Engines call this between steps.
     *
     * @param most tokens
     */
    default int[] expected(int most) {
        return new int[0];
    }

    /**
     * Tells which tokens may come next.
     *
     * @param bits a bit for each id, token {@code t} is bit {@code t % 64} of word {@code t / 64};
     *     all of them are written
     * @param deadline a {@link System#nanoTime()} after which the constraint gives up, with an
     *     exception; it also does if its thread is interrupted
     */
    void mask(long[] bits, long deadline);

    /**
     * The answer goes on with this token.
     *
     * @throws RuntimeException if it is not allowed
     */
    void accept(int token);

    /** Whether the answer may end here. */
    boolean mayEnd();

    /**
     * The form of the answer, for engines that enforce it with a grammar of their own; empty if no
     * guide describes it.
     */
    default Optional<AnswerGuide> guide() {
        return Optional.empty();
    }

    /**
     * Undoes the last calls of {@link #accept}.
     *
     * @param tokens calls to undo, at most as many as there were
     */
    void rollback(int tokens);
}
