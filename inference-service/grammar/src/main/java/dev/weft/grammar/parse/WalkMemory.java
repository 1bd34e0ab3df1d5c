package dev.weft.grammar.parse;

import dev.weft.grammar.expression.Expressions;
import java.util.ArrayList;
import java.util.List;

/**
 * What walks have found, in a part of the grammar's memory; all of it is forgotten once that part
 * is full. Answers keep the states that they are in and went through. Such states are small; the
 * excess of a larger one counts forever.
 */
final class WalkMemory {
    /** Bytes of a state or a frame that are forgotten with it; any more count forever. */
    private static final int MOST_FREE_BYTES = 4_096;

    private final Expressions pool;
    private final long most;
    private final List<Runnable> forgetters = new ArrayList<>();
    private long held;

    /**
     * No memory in use.
     *
     * @param most bytes; the grammar itself has as much besides
     */
    WalkMemory(Expressions pool, long most) {
        this.pool = pool;
        this.most = most;
    }

    /** Adds what is run when everything is forgotten. */
    void onForget(Runnable forgetter) {
        forgetters.add(forgetter);
    }

    /** Counts what an answer may keep, too. */
    void holdKept(long bytes) {
        if (bytes > MOST_FREE_BYTES) {
            pool.hold(bytes - MOST_FREE_BYTES);
        }
        hold(Math.min(bytes, MOST_FREE_BYTES));
    }

    /** Counts what can be found again. */
    void hold(long bytes) {
        if (held + bytes > most) {
            pool.hold(-held);
            held = 0;
            forgetters.forEach(Runnable::run);
        }
        pool.hold(bytes);
        held += bytes;
    }

    /** Whether something fits without forgetting the rest; then it is counted. */
    boolean takes(long bytes) {
        if (held + bytes > most) {
            return false;
        }
        hold(bytes);
        return true;
    }
}
