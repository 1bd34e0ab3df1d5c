package dev.weft.inference.engine.constraint;

import dev.weft.inference.engine.EngineException;
import java.util.Optional;

/**
 * What the tokens of one answer may be, such as a grammar's words. A constraint follows one answer:
 * no two requests share one.
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
     * What {@link #allows} says, if it can be said without waiting for another answer. If it can't,
     * an engine asks again on a thread that may wait. Accepting a token that was just found allowed
     * takes no waiting.
     *
     * @param token an id of the vocabulary
     */
    default Optional<Boolean> tryAllows(int token) {
        return Optional.of(allows(token));
    }

    /**
     * Tokens with which the answer is likely to go on because its text can't be another: a guess,
     * which an engine may compute ahead and tests like its own choices. Engines call it between
     * steps.
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
     * The rule of the answer in words, for engines that hold answers to it with a grammar of their
     * own; empty if there are no such words.
     */
    default Optional<AnswerGuide> guide() {
        return Optional.empty();
    }

    /**
     * Undoes the last calls of {@link #accept}.
     *
     * @param tokens how many, at most as many as there were
     */
    void rollback(int tokens);
}
