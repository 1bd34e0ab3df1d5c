package dev.weft.grammar.expression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes expressions, each once, and derives them. Not thread-safe.
 *
 * <p>What it makes is simplified only as far as that costs no search: no part that matches nothing,
 * no two equal parts. {@link #step} leaves out what can't be completed, so that a state that is not
 * empty always leads to a match.
 */
public final class Expressions {
    private static final Expression[] NO_PARTS = {};
    private static final int BYTES_OF_EXPRESSION = 120;

    /** A table of followers, and for some one of classes. */
    private static final int BYTES_OF_STATE = 1_150;

    /** For so few followers finding out which of them are alike costs more than deriving each. */
    private static final int FEW_BYTES = 32;

    private static final int MOST_DEPTH = 1_000;

    private final WorkBudget budget;
    private final long most;
    private long held;
    private Expression[] table = new Expression[1024];
    private int size;

    private final Expression empty;
    private final Expression epsilon;
    private final Expression any;
    private final Expression character;
    private final Expression text;

    /**
     * A pool.
     *
     * @param budget pays for all work of this pool
     * @param most bytes that it may hold, as far as they are counted
     */
    public Expressions(WorkBudget budget, long most) {
        this.budget = budget;
        this.most = most;
        empty = intern(Expression.Kind.EMPTY, NO_PARTS, 0, 0, ByteSet.NONE, null);
        epsilon = intern(Expression.Kind.EPSILON, NO_PARTS, 0, 0, ByteSet.NONE, null);
        any = not(empty);
        character = codePoints(0, Character.MAX_CODE_POINT);
        text = repeat(character, 0, Expression.UNBOUNDED);
    }

    /** Bytes so far. */
    public long held() {
        return held;
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

    /**
     * The most characters of the texts that an expression matches, if it matches all of at least
     * {@link #leastCharacters}; -1 for no maximum, 0 if it is not of this form.
     */
    public int mostCharacters(Expression e) {
        if (e == character) {
            return 1;
        }
        return e.kind == Expression.Kind.REPEAT && e.parts[0] == character ? e.max : 0;
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
        return set.isEmpty() ? empty : intern(Expression.Kind.BYTES, NO_PARTS, 0, 0, set, null);
    }

    /** Matches one code point of a range, in UTF-8; surrogates are no characters. */
    public Expression codePoints(int from, int to) {
        return Utf8Ranges.of(this, from, to);
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
        byte[][] sorted = all.toArray(byte[][]::new);
        Arrays.sort(sorted, Arrays::compareUnsigned);
        return literals(sorted, 0, sorted.length, 0, 0);
    }

    private Expression literals(byte[][] sorted, int from, int to, int at, int deep) {
        if (from == to) {
            return empty;
        }
        if (deep > MOST_DEPTH) {
            throw new LimitException(LimitException.Limit.MEMORY, "its values nest too deeply");
        }
        // what all have in common comes first
        int common = at;
        byte[] low = sorted[from];
        byte[] high = sorted[to - 1];
        while (common < low.length && common < high.length && low[common] == high[common]) {
            common++;
        }
        List<Expression> branches = new ArrayList<>();
        int start = from;
        while (start < to && sorted[start].length == common) {
            start++;
        }
        if (start > from) {
            branches.add(epsilon);
        }
        while (start < to) {
            int end = start + 1;
            byte b = sorted[start][common];
            while (end < to && sorted[end][common] == b) {
                end++;
            }
            branches.add(literals(sorted, start, end, common, deep + 1, b));
            start = end;
        }
        Expression rest = branches.size() == 1 ? branches.getFirst() : or(branches);
        for (int i = common - 1; i >= at; i--) {
            rest = concat(bytes(low[i] & 0xFF, low[i] & 0xFF), rest);
        }
        return rest;
    }

    private Expression literals(byte[][] sorted, int from, int to, int at, int deep, byte b) {
        return concat(bytes(b & 0xFF, b & 0xFF), literals(sorted, from, to, at + 1, deep));
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

    private Expression multiples(MultipleState state) {
        return intern(Expression.Kind.MULTIPLE, NO_PARTS, 0, 0, ByteSet.NONE, state);
    }

    /** One behind the other. */
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
            return concat(a.parts[0], concat(a.parts[1], b));
        }
        return intern(Expression.Kind.CONCAT, new Expression[] {a, b}, 0, 0, ByteSet.NONE, null);
    }

    /** Some behind each other. */
    public Expression concat(Expression... all) {
        Expression rest = epsilon;
        for (int i = all.length - 1; i >= 0; i--) {
            rest = concat(all[i], rest);
        }
        return rest;
    }

    /** Between {@code min} and {@code max} times; a maximum of -1 is none. */
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
        return intern(
                Expression.Kind.REPEAT, new Expression[] {part}, low, max, ByteSet.NONE, null);
    }

    /** Everything that an expression doesn't match. */
    public Expression not(Expression part) {
        return part.kind == Expression.Kind.NOT
                ? part.parts[0]
                : intern(Expression.Kind.NOT, new Expression[] {part}, 0, 0, ByteSet.NONE, null);
    }

    /** Every UTF-8 string that an expression doesn't match. */
    public Expression otherText(Expression part) {
        return and(text, not(part));
    }

    /** Any of two. */
    public Expression or(Expression a, Expression b) {
        return or(List.of(a, b));
    }

    /** Any of some. */
    public Expression or(List<Expression> all) {
        List<Expression> parts = new ArrayList<>(all.size());
        ByteSet bytes = ByteSet.NONE;
        for (Expression e : all) {
            bytes = addOr(parts, e, bytes);
        }
        if (parts.contains(any)) {
            return any;
        }
        if (!bytes.isEmpty()) {
            parts.add(bytes(bytes));
        }
        mergeHeads(parts);
        Expression[] sorted = sorted(parts);
        return switch (sorted.length) {
            case 0 -> empty;
            case 1 -> sorted[0];
            default -> intern(Expression.Kind.OR, sorted, 0, 0, ByteSet.NONE, null);
        };
    }

    private ByteSet addOr(List<Expression> parts, Expression e, ByteSet bytes) {
        ByteSet set = bytes;
        switch (e.kind) {
            case EMPTY -> {}
            case BYTES -> set = set.or(e.bytes);
            case OR -> {
                for (Expression part : e.parts) {
                    set = addOr(parts, part, set);
                }
            }
            default -> parts.add(e);
        }
        return set;
    }

    /** Makes {@code [ab]x} of {@code ax} and {@code bx}. */
    private void mergeHeads(List<Expression> parts) {
        if (parts.size() < 2 || parts.size() > 64) {
            return;
        }
        for (int i = 0; i < parts.size(); i++) {
            Expression e = parts.get(i);
            if (e.kind != Expression.Kind.CONCAT || e.parts[0].kind != Expression.Kind.BYTES) {
                continue;
            }
            ByteSet heads = e.parts[0].bytes;
            for (int j = parts.size() - 1; j > i; j--) {
                Expression o = parts.get(j);
                if (o.kind == Expression.Kind.CONCAT
                        && o.parts[1] == e.parts[1]
                        && o.parts[0].kind == Expression.Kind.BYTES) {
                    heads = heads.or(o.parts[0].bytes);
                    parts.remove(j);
                }
            }
            if (!heads.equals(e.parts[0].bytes)) {
                parts.set(i, concat(bytes(heads), e.parts[1]));
            }
        }
    }

    private static Expression[] sorted(List<Expression> parts) {
        return parts.stream()
                .distinct()
                .sorted(Comparator.comparingInt((Expression e) -> e.id))
                .toArray(Expression[]::new);
    }

    /** What both match. */
    public Expression and(Expression a, Expression b) {
        return and(List.of(a, b));
    }

    /** What all match. */
    public Expression and(List<Expression> all) {
        List<Expression> parts = new ArrayList<>(all.size());
        ByteSet bytes = ByteSet.ALL;
        boolean single = false;
        for (Expression e : all) {
            if (e.kind == Expression.Kind.BYTES) {
                bytes = bytes.and(e.bytes);
                single = true;
            } else if (e.kind == Expression.Kind.AND) {
                for (Expression part : e.parts) {
                    single |= part.kind == Expression.Kind.BYTES;
                    bytes = part.kind == Expression.Kind.BYTES ? bytes.and(part.bytes) : bytes;
                    addAnd(parts, part);
                }
            } else {
                addAnd(parts, e);
            }
        }
        if (single) {
            parts.add(bytes(bytes));
        }
        return interned(parts);
    }

    private void addAnd(List<Expression> parts, Expression e) {
        if (e != any && e.kind != Expression.Kind.BYTES) {
            parts.add(e);
        }
    }

    private Expression interned(List<Expression> parts) {
        Expression[] sorted = sorted(parts);
        if (sorted.length == 0) {
            return any;
        }
        if (sorted.length == 1) {
            return sorted[0];
        }
        boolean nullable = true;
        boolean ends = false;
        ByteSet first = ByteSet.ALL;
        for (Expression part : sorted) {
            if (part == empty
                    || (part.kind == Expression.Kind.NOT
                            && Arrays.asList(sorted).contains(part.parts[0]))) {
                return empty;
            }
            ends |= part == epsilon;
            nullable &= part.nullable;
            first = first.and(part.first);
        }
        if (ends || first.isEmpty()) {
            return nullable ? epsilon : empty;
        }
        return intern(Expression.Kind.AND, sorted, 0, 0, ByteSet.NONE, null);
    }

    /**
     * What may follow a byte in a string of an expression; empty if no string begins so. The result
     * is never an expression that matches nothing under another name.
     */
    public Expression step(Expression e, int b) {
        if (!e.first.has(b)) {
            return empty;
        }
        Expression[] next = e.next;
        if (next == null) {
            next = new Expression[256];
            hold(BYTES_OF_STATE);
            e.next = next;
        }
        Expression found = next[b];
        if (found == null) {
            found = derive(e, b);
            if (!isLive(found)) {
                found = empty;
            }
            next[b] = found;
            if (e.first.size() > FEW_BYTES) {
                byte[] classes = classes(e);
                for (int other = 0; other < 256; other++) {
                    if (classes[other] == classes[b]) {
                        next[other] = found;
                    }
                }
            }
        }
        return found;
    }

    private byte[] classes(Expression e) {
        byte[] classes = e.classes;
        if (classes == null) {
            ByteClasses collected = new ByteClasses();
            collect(e, collected);
            budget.spend(16);
            classes = collected.classes();
            e.classes = classes;
        }
        return classes;
    }

    private void collect(Expression e, ByteClasses out) {
        switch (e.kind) {
            case EMPTY, EPSILON -> {}
            case BYTES -> out.split(e.bytes);
            case CONCAT -> {
                collect(e.parts[0], out);
                if (e.parts[0].nullable) {
                    collect(e.parts[1], out);
                }
            }
            case OR, AND, NOT, REPEAT -> {
                for (Expression part : e.parts) {
                    collect(part, out);
                }
            }
            case MULTIPLE -> {
                for (int digit = '0'; digit <= '9'; digit++) {
                    out.split(ByteSet.range(digit, digit));
                }
                out.split(ByteSet.range('.', '.'));
            }
        }
    }

    private Expression derive(Expression e, int b) {
        budget.spend(1);
        if (!e.first.has(b)) {
            return empty;
        }
        return switch (e.kind) {
            case EMPTY, EPSILON -> empty;
            case BYTES -> epsilon;
            case CONCAT -> {
                Expression head = concat(derive(e.parts[0], b), e.parts[1]);
                yield e.parts[0].nullable ? or(head, derive(e.parts[1], b)) : head;
            }
            case OR -> or(deriveAll(e, b));
            case AND -> and(deriveAll(e, b));
            case NOT -> not(derive(e.parts[0], b));
            case REPEAT -> {
                int max = e.max == Expression.UNBOUNDED ? e.max : e.max - 1;
                yield concat(
                        derive(e.parts[0], b), repeat(e.parts[0], Math.max(0, e.min - 1), max));
            }
            case MULTIPLE -> {
                MultipleState state = e.multiple == null ? null : e.multiple.next(b);
                yield state == null ? empty : multiples(state);
            }
        };
    }

    private List<Expression> deriveAll(Expression e, int b) {
        List<Expression> derived = new ArrayList<>(e.parts.length);
        for (Expression part : e.parts) {
            Expression d = derive(part, b);
            if (d == empty && e.kind == Expression.Kind.AND) {
                return List.of(empty);
            }
            if (d != empty) {
                derived.add(d);
            }
        }
        return derived;
    }

    /** Whether an expression matches anything. */
    public boolean isLive(Expression e) {
        if (!e.complex || e.nullable) {
            return e != empty;
        }
        if (e.life == Expression.Life.UNKNOWN && isSurelyLive(e)) {
            e.life = Expression.Life.LIVE;
        }
        if (e.life == Expression.Life.UNKNOWN) {
            new LifeSearch(this).decide(e);
        }
        return e.life == Expression.Life.LIVE;
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

    /** What needs no search: an infinite language is more than what is finite of it. */
    private static boolean isSurelyLive(Expression e) {
        return switch (e.kind) {
            case OR -> hasLivePart(e);
            case AND -> isMoreThanFinite(e);
            default -> e.kind == Expression.Kind.NOT && e.parts[0].finite;
        };
    }

    private static boolean hasLivePart(Expression e) {
        for (Expression part : e.parts) {
            if (!part.complex || part.life == Expression.Life.LIVE || isSurelyLive(part)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isMoreThanFinite(Expression e) {
        int infinite = 0;
        for (Expression part : e.parts) {
            boolean refusesFew = part.kind == Expression.Kind.NOT && part.parts[0].finite;
            if (!refusesFew && (part.complex || part.finite || ++infinite > 1)) {
                return false;
            }
        }
        return true;
    }

    /** The different derivatives of an expression, whether live or not. */
    List<Expression> derivatives(Expression e) {
        byte[] classes = classes(e);
        boolean[] seen = new boolean[256];
        List<Expression> all = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            int c = classes[b] & 0xFF;
            if (!seen[c] && e.first.has(b)) {
                seen[c] = true;
                Expression d = derive(e, b);
                if (d != empty) {
                    all.add(d);
                }
            }
        }
        return all;
    }

    private Expression intern(
            Expression.Kind kind,
            Expression[] parts,
            int min,
            int max,
            ByteSet bytes,
            @Nullable MultipleState multiple) {
        int hash = Expression.hash(kind, parts, min, max, bytes, multiple);
        int at = hash & (table.length - 1);
        while (table[at] != null) {
            if (table[at].is(hash, kind, parts, min, max, bytes, multiple)) {
                return table[at];
            }
            at = (at + 1) & (table.length - 1);
        }
        budget.spend(2 + parts.length);
        hold(BYTES_OF_EXPRESSION + 4L * parts.length);
        Expression made = new Expression(size++, kind, parts, min, max, bytes, multiple);
        if (made.depth > MOST_DEPTH) {
            throw new LimitException(LimitException.Limit.MEMORY, "it nests too deeply");
        }
        table[at] = made;
        if (size * 2 > table.length) {
            grow();
        }
        return made;
    }

    /** Counts memory that is kept as long as this pool. */
    public void hold(long bytes) {
        held += bytes;
        if (held > most) {
            throw new LimitException(LimitException.Limit.MEMORY, "it takes too much memory");
        }
    }

    private void grow() {
        Expression[] old = table;
        table = new Expression[old.length * 2];
        for (Expression e : old) {
            if (e != null) {
                int at = e.hash() & (table.length - 1);
                while (table[at] != null) {
                    at = (at + 1) & (table.length - 1);
                }
                table[at] = e;
            }
        }
    }
}
