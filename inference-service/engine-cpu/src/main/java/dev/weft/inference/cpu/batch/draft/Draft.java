package dev.weft.inference.cpu.batch.draft;

import java.util.List;

/**
 * Tokens that an answer may go on with.
 *
 * @param matched tokens at the answer's end that came before as they came now
 */
public record Draft(List<Integer> tokens, int matched) {
    /** No guess. */
    public static final Draft NONE = new Draft(List.of(), 0);

    public Draft {
        tokens = List.copyOf(tokens);
    }

    /** The same guess, cut. */
    public Draft first(int count) {
        return count < tokens.size() ? new Draft(tokens.subList(0, count), matched) : this;
    }
}
