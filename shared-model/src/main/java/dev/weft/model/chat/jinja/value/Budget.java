package dev.weft.model.chat.jinja.value;

import java.util.function.Supplier;

/**
 * What one rendering may take. Templates come with adapters, so they are not trusted: every step,
 * every string and every level of nesting is counted. One thread; where no rendering runs (while a
 * template is compiled) nothing is counted.
 */
public final class Budget {
    private static final ScopedValue<Budget> CURRENT = ScopedValue.newInstance();
    private static final int CHARS_PER_STEP = 8;

    private final long maxSteps;
    private final long maxChars;
    private final int maxText;
    private final int maxDepth;
    private long steps;
    private long chars;
    private int depth;

    /**
     * @param maxSteps expressions evaluated and items visited
     * @param maxChars UTF-16 units of all strings made
     * @param maxText UTF-16 units of one string, the output included
     * @param maxDepth levels of nested statements, expressions, calls and containers
     */
    public Budget(long maxSteps, long maxChars, int maxText, int maxDepth) {
        this.maxSteps = maxSteps;
        this.maxChars = maxChars;
        this.maxText = maxText;
        this.maxDepth = maxDepth;
    }

    /** Runs {@code rendering} on this thread within this budget. */
    public <T> T within(Supplier<T> rendering) {
        return ScopedValue.where(CURRENT, this).call(rendering::get);
    }

    /** Counts {@code n} steps. */
    public static void steps(long n) {
        if (CURRENT.isBound()) {
            Budget budget = CURRENT.get();
            budget.steps += n;
            if (budget.steps > budget.maxSteps) {
                throw PyError.limit("rendering takes more than " + budget.maxSteps + " steps");
            }
        }
    }

    /** Counts the reading of a string of {@code length}. */
    public static void scan(int length) {
        steps(1 + length / CHARS_PER_STEP);
    }

    /** Counts a string that was made. */
    static void chars(int length) {
        if (length > 0 && CURRENT.isBound()) {
            room(length);
            Budget budget = CURRENT.get();
            budget.chars += length;
            if (budget.chars > budget.maxChars) {
                throw PyError.limit(
                        "rendering makes more than " + budget.maxChars + " characters of strings");
            }
        }
    }

    /** Asks whether a string of {@code length} may be made, before it is. */
    public static void room(long length) {
        if (CURRENT.isBound() && length > CURRENT.get().maxText) {
            throw PyError.limit(
                    "a string of more than " + CURRENT.get().maxText + " characters was asked for");
        }
    }

    /** Goes a level deeper; {@link #leave()} must follow in a finally. */
    public static void enter() {
        if (CURRENT.isBound()) {
            Budget budget = CURRENT.get();
            if (++budget.depth > budget.maxDepth) {
                budget.depth--;
                throw PyError.limit("nested more than " + budget.maxDepth + " levels deep");
            }
        }
    }

    public static void leave() {
        if (CURRENT.isBound()) {
            CURRENT.get().depth--;
        }
    }
}
