package dev.weft.grammar.reply;

import dev.weft.grammar.budget.WorkBudget;
import dev.weft.grammar.place.Machine;
import dev.weft.grammar.place.Position;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The machine of a reply.
 *
 * @param parts calls or tags that it may have
 * @param end how a thought ends that must not go on; null if the reply has no thought
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

    /** If the end mark of a thought is an added token, models know it as that token. */
    @Override
    public Position closing(Position place, Predicate<String> tokens) {
        if (end == null || !place.spot().equals(end.within())) {
            return place;
        }
        return tokens.test(end.mark()) ? end.token() : end.spelled();
    }
}
