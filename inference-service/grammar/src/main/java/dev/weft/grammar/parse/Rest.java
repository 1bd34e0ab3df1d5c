package dev.weft.grammar.parse;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.production.Part;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is left of a body behind a place in it. Each is made once, so identity is equality. */
final class Rest {
    final int id;

    /** What comes first; null if the body is over. */
    final @Nullable Part part;

    /** The fewest times that {@link #part} still has to come. */
    final int min;

    /** The most times that {@link #part} may still come. */
    final int max;

    /** What follows {@link #part}; null if the body is over. */
    final @Nullable Rest tail;

    /** What may come next; found once. */
    @Nullable Moves moves;

    Rest(int id, @Nullable Part part, int min, int max, @Nullable Rest tail) {
        this.id = id;
        this.part = part;
        this.min = min;
        this.max = max;
        this.tail = tail;
    }

    /**
     * The possible next parts at a place in a body.
     *
     * @param ends whether the body may be over
     */
    record Moves(List<Scanned> texts, List<Called> calls, boolean ends) {}

    /** A text, and what is left behind it. */
    record Scanned(Expression bytes, Rest behind) {}

    /** A call, and what is left behind it. */
    record Called(int rule, Rest behind) {}
}
