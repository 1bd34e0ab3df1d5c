package dev.weft.grammar.reply;

import dev.weft.grammar.expression.WorkBudget;
import dev.weft.grammar.place.Machine;
import dev.weft.grammar.place.Position;
import dev.weft.grammar.place.Spot;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A reply from its beginning.
 *
 * @param thought where it is while it thinks; null if it does not
 * @param closed where it is to close the thought
 */
record ReplyMachine(
        Position start,
        WorkBudget budget,
        ReentrantLock lock,
        @Nullable Spot thought,
        Position closed)
        implements Machine {
    @Override
    public Position closing(Position place) {
        return place.spot().equals(thought) ? closed : place;
    }
}
