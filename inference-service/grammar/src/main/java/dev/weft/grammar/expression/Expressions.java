package dev.weft.grammar.expression;

import dev.weft.grammar.budget.LimitException;
import dev.weft.grammar.budget.WorkBudget;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes expressions, each once, and derives them. Not thread-safe.
 *
 * <p>It simplifies expressions only as far as that costs no search: no part that matches nothing,
 * no two equal parts. {@link #step} leaves out what can't be completed, so that a state that is not
 * empty always leads to a match.
 */
public final class Expressions {
    private static final Expression[] NO_PARTS = {};

    static final int MOST_DEPTH = 1_000;

    private final WorkBudget budget;
    private final long most;

    /** The pool's owner writes, anybody reads. */
    private final AtomicLong held = new AtomicLong();

    private final ExpressionTable table;
    private final Combinations combinations;
    private final Derivatives derivatives;
    private @Nullable RoomSearch rooms;

    private final Expression empty;
    private final Expression epsilon;
    private final Expression any;
    private final Expression character;
    private final Expression text;
    private final Expression noText;

    /**
     * A pool.
     *
     * @param budget pays for all work of this pool
     * @param most bytes that it may hold, as far as they are counted
     */
    public Expressions(WorkBudget budget, long most) {
        this.budget = budget;
        this.most = most;
        this.table = new ExpressionTable(this);
        this.combinations = new Combinations(this, table);
        empty = table.intern(Expression.Kind.EMPTY, NO_PARTS, 0, 0, ByteSet.NONE, null);
        epsilon = table.intern(Expression.Kind.EPSILON, NO_PARTS, 0, 0, ByteSet.NONE, null);
        derivatives = new Derivatives(this);
        any = not(empty);
        character = codePoints(0, Character.MAX_CODE_POINT);
        text = repeat(character, 0, Expression.UNBOUNDED);
        noText = not(text);
    }

    /** A pool that refuses no work: for what grows no faster than its input. */
    public static Expressions unbounded() {
        WorkBudget budget = new WorkBudget();
        budget.begin(Long.MAX_VALUE, Long.MAX_VALUE, () -> false);
        return new Expressions(budget, Long.MAX_VALUE);
    }

    /** Bytes so far, about; any thread. */
    public long held() {
        return held.get();
    }

    /** The budget that pays for work here. */
    public WorkBudget budget() {
        return budget;
    }

    /** Matches nothing. */
    public Expression empty() {
        return empty;
    }

    /** Matches the empty string. */
    public Expression epsilon() {
        return epsilon;
    }

    /** Matches every byte string. */
    public Expression any() {
        return any;
    }

    /** Matches one character in UTF-8. */
    public Expression character() {
        return character;
    }

    /** Matches every string in UTF-8. */
    public Expression text() {
        return text;
    }

    /** Matches every string that is none in UTF-8. */
    Expression noText() {
        return noText;
    }

    /**
     * The most characters, if an expression matches all texts of at least {@link #leastCharacters}
     * and at most this many; -1 for no maximum, 0 if it is not of this form.
     */
    public int mostCharacters(Expression e) {
        if (e == character) {
            return 1;
        }
        return e.kind == Expression.Kind.REPEAT && e.parts[0] == character ? e.max : 0;
    }

    /** Whether an expression only counts characters. */
    boolean counts(Expression e) {
        return e.kind == Expression.Kind.REPEAT && e.parts[0] == character;
    }

    /** See {@link #mostCharacters}. */
    public int leastCharacters(Expression e) {
        return e == character ? 1 : e.min;
    }

    /** Matches one of a range of bytes. */
    public Expression bytes(int from, int to) {
        return bytes(ByteSet.range(from, to));
    }

    Expression bytes(ByteSet set) {
        return set.isEmpty()
                ? empty
                : table.intern(Expression.Kind.BYTES, NO_PARTS, 0, 0, set, null);
    }

    /** Matches one code point of a range, in UTF-8; surrogates are left out. */
    public Expression codePoints(int from, int to) {
        return Utf8Ranges.of(this, from, to);
    }

    /**
     * Matches one character of some ranges, or one of no such range.
     *
     * @param ranges {@code [ranges][2]}: the first and the last code point of each
     */
    public Expression characters(List<int[]> ranges, boolean negated) {
        CodePointSet set = new CodePointSet();
        ranges.forEach(range -> set.add(range[0], range[1]));
        budget.spend(ranges.size());
        return (negated ? set.negated() : set).expression(this);
    }

    /** Matches a text in UTF-8. */
    public Expression literal(String text) {
        return literal(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Matches a string of bytes. */
    public Expression literal(byte[] bytes) {
        Expression all = epsilon;
        for (int i = bytes.length - 1; i >= 0; i--) {
            all = concat(bytes(bytes[i] & 0xFF, bytes[i] & 0xFF), all);
        }
        return all;
    }

    /** Matches any of some strings of bytes; costs as much as they have bytes, and sorting them. */
    public Expression literals(List<byte[]> all) {
        return new Literals(this, all).expression();
    }

    /**
     * Matches decimals without sign and exponent that are multiples of {@code divisor / 10^scale}.
     * What it matches need not be a number: intersect it with one.
     */
    public Expression multiples(long divisor, int scale) {
        if (divisor < 1 || divisor > MultipleState.MOST || scale < 0) {
            throw new IllegalArgumentException(divisor + " / 10^" + scale);
        }
        return multiples(new MultipleState(divisor, scale, 0, -1, false));
    }

    Expression multiples(MultipleState state) {
        return table.intern(Expression.Kind.MULTIPLE, NO_PARTS, 0, 0, ByteSet.NONE, state);
    }

    /** Matches one expression behind the other. */
    public Expression concat(Expression a, Expression b) {
        if (a == empty || b == empty) {
            return empty;
        }
        if (a == epsilon) {
            return b;
        }
        if (b == epsilon) {
            return a;
        }
        if (a.kind == Expression.Kind.CONCAT) {
            budget.spend(1);
            return concat(a.parts[0], concat(a.parts[1], b));
        }
        return table.intern(
                Expression.Kind.CONCAT, new Expression[] {a, b}, 0, 0, ByteSet.NONE, null);
    }

    /** Matches some expressions behind each other. */
    public Expression concat(Expression... all) {
        Expression rest = epsilon;
        for (int i = all.length - 1; i >= 0; i--) {
            rest = concat(all[i], rest);
        }
        return rest;
    }

    /** The part, between {@code min} and {@code max} times; a maximum of -1 means no limit. */
    public Expression repeat(Expression part, int min, int max) {
        if (max == 0) {
            return epsilon;
        }
        if (part == empty) {
            return min == 0 ? epsilon : empty;
        }
        if (part == epsilon || (min == 1 && max == 1)) {
            return part;
        }
        int low = part.nullable ? 0 : min;
        if (part.kind == Expression.Kind.REPEAT
                && part.min == 0
                && part.max == Expression.UNBOUNDED) {
            return part;
        }
        return table.intern(
                Expression.Kind.REPEAT, new Expression[] {part}, low, max, ByteSet.NONE, null);
    }

    /** Everything that an expression doesn't match. */
    public Expression not(Expression part) {
        return part.kind == Expression.Kind.NOT
                ? part.parts[0]
                : table.intern(
                        Expression.Kind.NOT, new Expression[] {part}, 0, 0, ByteSet.NONE, null);
    }

    /** Every UTF-8 string that an expression doesn't match. */
    public Expression otherText(Expression part) {
        return and(text, not(part));
    }

    /** Matches what either of two expressions matches. */
    public Expression or(Expression a, Expression b) {
        return or(List.of(a, b));
    }

    /** Matches what any of some expressions matches. */
    public Expression or(List<Expression> all) {
        return combinations.or(all);
    }

    /** Matches what both expressions match. */
    public Expression and(Expression a, Expression b) {
        return and(List.of(a, b));
    }

    /** Matches what all of some expressions match. */
    public Expression and(List<Expression> all) {
        return combinations.and(all);
    }

    /**
     * What may follow a byte in a string of an expression; {@link #empty} if no string begins so.
     * Every other result matches something.
     */
    public Expression step(Expression e, int b) {
        return derivatives.step(e, b);
    }

    /** Whether an expression matches anything. */
    public boolean isLive(Expression e) {
        return derivatives.isLive(e);
    }

    /** Characters that may follow an expression that is not empty, as far as that shows soon. */
    public Room room(Expression e) {
        RoomSearch search = rooms;
        if (search == null) {
            search = new RoomSearch(this, derivatives);
            rooms = search;
        }
        return search.of(e);
    }

    /** One of the shortest texts that an expression matches; null if none is found soon. */
    public byte @Nullable [] shortest(Expression e) {
        return new ShortestText(this).of(e);
    }

    /** Whether another character may follow, in UTF-8; not within one. */
    public boolean mayGoOn(Expression e) {
        for (int b = 0; b < 256; b++) {
            boolean begins = (b & 0xC0) != 0x80;
            if (begins && !step(e, b).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Digits that may follow in a number that has to be a multiple of another; null for other
     * expressions, or if none are known.
     *
     * @param most that are asked for
     */
    public @Nullable DigitRun digits(Expression e, int most) {
        return derivatives.multiples().digits(e, most);
    }

    /** As {@link Multiples#ending}. */
    byte @Nullable [] multipleEnding(Expression e) {
        return derivatives.multiples().ending(e);
    }

    /** Counts memory that is kept as long as this pool. */
    public void hold(long bytes) {
        long sum = held.getPlain() + bytes;
        held.lazySet(sum);
        if (sum > most) {
            throw new LimitException(LimitException.Limit.MEMORY, "it takes too much memory");
        }
    }
}
