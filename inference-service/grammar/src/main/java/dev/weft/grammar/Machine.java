package dev.weft.grammar;

import dev.weft.grammar.expression.WorkBudget;

/** What a compiled grammar is to its matchers. Its lock guards everything that is found lazily. */
interface Machine {
    /** Where an answer begins. */
    Position start();

    /** Pays for what is found while walking. */
    WorkBudget budget();
}
