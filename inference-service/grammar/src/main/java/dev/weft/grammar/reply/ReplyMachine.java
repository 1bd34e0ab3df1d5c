package dev.weft.grammar.reply;

import dev.weft.grammar.expression.WorkBudget;
import dev.weft.grammar.walk.Machine;
import dev.weft.grammar.walk.Position;
import java.util.concurrent.locks.ReentrantLock;

/** A reply from its beginning. */
record ReplyMachine(Position start, WorkBudget budget, ReentrantLock lock) implements Machine {
    ReplyMachine(Position start, WorkBudget budget) {
        this(start, budget, new ReentrantLock());
    }
}
