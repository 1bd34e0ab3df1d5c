package dev.weft.grammar.reply;

import dev.weft.grammar.budget.WorkBudget;
import dev.weft.grammar.place.Machine;
import dev.weft.grammar.place.Position;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A reply from its beginning.
 *
 * @param parts calls or tags that it may have
 * @param end how its thought ends that may go on no longer; null if it does not think
 */
record ReplyMachine(
        Position start,
        List<Machine.Part> parts,
        WorkBudget budget,
        ReentrantLock lock,
        @Nullable ThoughtEnd end)
        implements Machine {
    ReplyMachine {
        parts = List.copyOf(parts);
    }

    /** Models know the end of a thought as the token that it is, if it is one. */
    @Override
    public Position closing(Position place, Predicate<String> tokens) {
        if (end == null || !place.spot().equals(end.within())) {
            return place;
        }
        return tokens.test(end.mark()) ? end.token() : end.spelled();
    }
}
