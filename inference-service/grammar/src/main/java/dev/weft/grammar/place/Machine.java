package dev.weft.grammar.place;

import dev.weft.grammar.budget.WorkBudget;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** What a compiled grammar is to its matchers. */
public interface Machine {
    /** Where an answer begins. */
    Position start();

    /** Guards everything that is found lazily. */
    ReentrantLock lock();

    /** Pays for what is found while walking. */
    WorkBudget budget();

    /**
     * Where an answer goes on that is to think no longer.
     *
     * @param tokens whether a text is a token of its own that may come
     * @return the same place if it is in no thought
     */
    default Position closing(Position place, Predicate<String> tokens) {
        return place;
    }
}
