package dev.weft.grammar.limit;

import java.util.function.BooleanSupplier;

/**
 * How a grammar is compiled.
 *
 * @param whitespace what may stand between the tokens of JSON
 * @param keyOrder the order of an object's declared keys
 * @param numbers how numbers of JSON are written
 * @param compileBudget steps of work that compiling may take; about 10 million a second
 * @param walkBudget steps of work that one mask may take
 * @param memoryBudget bytes that a grammar may hold, as far as they are counted
 * @param cancelled tells whether the caller has left; checked every few thousand steps
 */
public record GrammarOptions(
        Whitespace whitespace,
        KeyOrder keyOrder,
        Numbers numbers,
        long compileBudget,
        long walkBudget,
        long memoryBudget,
        BooleanSupplier cancelled) {
    private static final long COMPILE_STEPS = 50_000_000;

    /** Steps of a walk along a token, about half a second: the engine's steps wait for it. */
    private static final long WALK_STEPS = 5_000_000;

    /** Bytes that a grammar may hold, those that walks find included. */
    private static final long MOST_BYTES = 32L << 20;

    /** What may stand between the tokens of JSON. */
    public enum Whitespace {
        /**
         * Whitespace of any kind, none before the answer: at most 16 bytes at once, and 4 more for
         * each level.
         */
        BOUNDED,
        /** None. */
        NONE,
        /** One space behind each comma and colon, as Python's {@code json.dumps} writes it. */
        SPACED
    }

    /** The order of an object's keys. */
    public enum KeyOrder {
        /** Any. */
        ANY,
        /** Declared keys in the schema's order, others behind them. */
        DECLARED
    }

    /** How numbers are written. */
    public enum Numbers {
        /** As JSON lets them: an integer may have a point, zeros behind it, and an exponent. */
        ANY,
        /**
         * As readers with types take them: an integer as digits alone, and an exponent as programs
         * write one.
         */
        TYPED
    }

    /** Checks the budgets. */
    public GrammarOptions {
        if (compileBudget < 1 || walkBudget < 1 || memoryBudget < 1) {
            throw new IllegalArgumentException(
                    "budgets are 1 or more, not %d, %d and %d"
                            .formatted(compileBudget, walkBudget, memoryBudget));
        }
    }

    /** What requests get unless they say otherwise. */
    public static GrammarOptions defaults() {
        return new GrammarOptions(
                Whitespace.BOUNDED,
                KeyOrder.ANY,
                Numbers.ANY,
                COMPILE_STEPS,
                WALK_STEPS,
                MOST_BYTES,
                () -> false);
    }

    /** The same with other whitespace. */
    public GrammarOptions with(Whitespace other) {
        return new GrammarOptions(
                other, keyOrder, numbers, compileBudget, walkBudget, memoryBudget, cancelled);
    }

    /** The same with another order of keys. */
    public GrammarOptions with(KeyOrder other) {
        return new GrammarOptions(
                whitespace, other, numbers, compileBudget, walkBudget, memoryBudget, cancelled);
    }

    /** The same with numbers that are written in another way. */
    public GrammarOptions with(Numbers other) {
        return new GrammarOptions(
                whitespace, keyOrder, other, compileBudget, walkBudget, memoryBudget, cancelled);
    }

    /** The same with other steps of work for a mask. */
    public GrammarOptions withWalk(long other) {
        return new GrammarOptions(
                whitespace, keyOrder, numbers, compileBudget, other, memoryBudget, cancelled);
    }

    /** The same with another check for cancellation. */
    public GrammarOptions with(BooleanSupplier other) {
        return new GrammarOptions(
                whitespace, keyOrder, numbers, compileBudget, walkBudget, memoryBudget, other);
    }
}
