package dev.weft.grammar.place;

import dev.weft.grammar.budget.WorkBudget;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** What a compiled grammar is to its matchers. */
public interface Machine {
    /** Where an answer begins. */
    Position start();

    /** Optional parts of an answer. An answer that has one must be able to end from it. */
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

    /** The budget of work that walks spend. */
    WorkBudget budget();

    /**
     * The place at which an answer goes on if its thought has to end.
     *
     * @param tokens tells whether a text is an added token that may come
     * @return the same place if it is in no thought
     */
    default Position closing(Position place, Predicate<String> tokens) {
        return place;
    }
}
