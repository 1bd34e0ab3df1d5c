package dev.weft.grammar.place;

import dev.weft.grammar.budget.WorkBudget;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** What a compiled grammar is to its matchers. */
public interface Machine {
    /** Where an answer begins. */
    Position start();

    /** What an answer may have or not, and has to be able to end from if it does. */
    default List<Part> parts() {
        return List.of();
    }

    /**
     * A part of an answer.
     *
     * @param what as messages say it
     * @param begin where it begins
     */
    record Part(String what, Position begin) {}

    /** Guards everything that is found lazily. */
    ReentrantLock lock();

    /** Pays for what is found while walking. */
    WorkBudget budget();

    /**
     * The place at which an answer goes on if its thought has to end.
     *
     * @param tokens whether a text is a token of its own that may come
     * @return the same place if it is in no thought
     */
    default Position closing(Position place, Predicate<String> tokens) {
        return place;
    }
}
