package dev.weft.grammar.expression;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A set of byte strings. Equal expressions of a pool are the same object, so identity is equality.
 * The lazily found parts (derivatives, whether anything matches) are guarded by the pool's owner.
 */
public final class Expression {
    /** What an expression is made of. */
    enum Kind {
        EMPTY,
        EPSILON,
        BYTES,
        CONCAT,
        OR,
        AND,
        NOT,
        REPEAT,
        /** Decimals that are multiples of {@code factor}: see {@link Expressions#multiples}. */
        MULTIPLE
    }

    public static final int UNBOUNDED = -1;

    private static final int LONG = 1 << 20;

    /** Whether an expression's language has a string. */
    enum Life {
        UNKNOWN,
        LIVE,
        DEAD
    }

    final int id;
    final Kind kind;
    final Expression[] parts;

    /** The least number of times of a REPEAT. */
    final int min;

    /** The most times of a REPEAT; {@link #UNBOUNDED} for no maximum. */
    final int max;

    /** The bytes of a BYTES. */
    final ByteSet bytes;

    /** The state of a MULTIPLE. */
    final @Nullable MultipleState multiple;

    final boolean nullable;

    /** Whether it holds an intersection or a complement, so that it may match nothing. */
    final boolean complex;

    /** Whether no part repeats without a maximum, and none is complex: its language is finite. */
    final boolean finite;

    /** At least the number of strings in a finite language, up to {@link #LONG}. */
    final int words;

    /** Whether all its strings are whole characters in UTF-8, as far as that shows. */
    final boolean whole;

    /** Nodes on the longest way down; bounded, as recursion goes this deep. */
    final int depth;

    /** A lower bound of the bytes of each string, up to {@link #LONG}; 0 for complements. */
    final int shortest;

    /** A superset of the bytes that strings of it begin with. */
    final ByteSet first;

    private final int hash;

    /** What is known to follow each byte, from {@link #lowest} on. */
    Expression @Nullable [] next;

    /** The least byte that strings of it begin with, if {@link #next} is there. */
    int lowest;

    byte @Nullable [] classes;
    Life life = Life.UNKNOWN;

    Expression(
            int id,
            Kind kind,
            Expression[] parts,
            int min,
            int max,
            ByteSet bytes,
            @Nullable MultipleState multiple) {
        this.id = id;
        this.kind = kind;
        this.parts = parts;
        this.min = min;
        this.max = max;
        this.bytes = bytes;
        this.multiple = multiple;
        this.hash = hash(kind, parts, min, max, bytes, multiple);
        this.nullable = findNullable();
        this.complex = findComplex();
        this.finite =
                !complex && !(kind == Kind.REPEAT && max == UNBOUNDED) && !any(p -> !p.finite);
        this.words = (int) Math.min(LONG, finite ? findWords() : LONG);
        this.whole = findWhole();
        this.depth = findDepth();
        this.shortest = nullable ? 0 : (int) Math.min(LONG, findShortest());
        this.first = findFirst();
    }

    /** Whether the empty string matches. */
    public boolean nullable() {
        return nullable;
    }

    /** No text that matches has fewer bytes, as far as that is known without a search. */
    public int shortest() {
        return shortest;
    }

    /** Number within its pool. */
    public int id() {
        return id;
    }

    /** Whether it is known without work that nothing matches. */
    public boolean isEmpty() {
        return kind == Kind.EMPTY;
    }

    /** Whether nothing but the empty string matches. */
    public boolean isEpsilon() {
        return kind == Kind.EPSILON;
    }

    private boolean findNullable() {
        return switch (kind) {
            case EMPTY, BYTES -> false;
            case EPSILON -> true;
            case CONCAT -> parts[0].nullable && parts[1].nullable;
            case OR -> any(p -> p.nullable);
            case AND -> !any(p -> !p.nullable);
            case NOT -> !parts[0].nullable;
            case REPEAT -> min == 0 || parts[0].nullable;
            case MULTIPLE -> multiple != null && multiple.ends();
        };
    }

    private boolean findComplex() {
        return kind == Kind.AND || kind == Kind.NOT || kind == Kind.MULTIPLE || any(p -> p.complex);
    }

    private boolean findWhole() {
        return switch (kind) {
            case EMPTY, EPSILON, MULTIPLE -> true;
            case BYTES -> (bytes.c() | bytes.d()) == 0;
            case CONCAT -> (parts[0].whole && parts[1].whole) || Utf8Ranges.isWhole(this);
            case OR, REPEAT -> !any(p -> !p.whole);
            case AND -> any(p -> p.whole);
            case NOT -> false;
        };
    }

    private long findWords() {
        return switch (kind) {
            case EMPTY -> 0;
            case EPSILON -> 1;
            case BYTES -> bytes.size();
            case CONCAT -> (long) parts[0].words * parts[1].words;
            case OR -> {
                long sum = 0;
                for (Expression part : parts) {
                    sum += part.words;
                }
                yield sum;
            }
            case REPEAT -> {
                if (parts[0].words == 1) {
                    yield max + 1L;
                }
                long sum = 1;
                for (int i = 0; i < max && sum < LONG; i++) {
                    sum = 1 + sum * parts[0].words;
                }
                yield sum;
            }
            case AND, NOT, MULTIPLE -> LONG;
        };
    }

    private int findDepth() {
        int most = 0;
        for (int i = 0; i < parts.length; i++) {
            // the second part of a concatenation is only looked into if the first may be empty
            boolean skipped = kind == Kind.CONCAT && i == 1 && !parts[0].nullable;
            most = Math.max(most, skipped ? 0 : parts[i].depth);
        }
        return most + 1;
    }

    private long findShortest() {
        return switch (kind) {
            case EMPTY -> LONG;
            case EPSILON, NOT -> 0;
            case BYTES -> 1;
            case MULTIPLE -> multiple == null ? LONG : endOf(multiple);
            case CONCAT -> (long) parts[0].shortest + parts[1].shortest;
            case OR -> {
                int least = LONG;
                for (Expression part : parts) {
                    least = Math.min(least, part.shortest);
                }
                yield least;
            }
            case AND -> {
                int most = 0;
                for (Expression part : parts) {
                    most = Math.max(most, part.shortest);
                }
                yield most;
            }
            case REPEAT -> (long) min * parts[0].shortest;
        };
    }

    private static int endOf(MultipleState state) {
        byte[] ending = state.ending();
        return ending == null ? LONG : ending.length;
    }

    private ByteSet findFirst() {
        return switch (kind) {
            case EMPTY, EPSILON -> ByteSet.NONE;
            case BYTES -> bytes;
            case CONCAT -> parts[0].nullable ? parts[0].first.or(parts[1].first) : parts[0].first;
            case OR -> {
                ByteSet all = ByteSet.NONE;
                for (Expression part : parts) {
                    all = all.or(part.first);
                }
                yield all;
            }
            case AND -> {
                ByteSet all = ByteSet.ALL;
                for (Expression part : parts) {
                    all = all.and(part.first);
                }
                yield all;
            }
            case NOT -> ByteSet.ALL;
            case REPEAT -> parts[0].first;
            case MULTIPLE -> MultipleState.FIRST;
        };
    }

    private boolean any(java.util.function.Predicate<Expression> test) {
        for (Expression part : parts) {
            if (test.test(part)) {
                return true;
            }
        }
        return false;
    }

    static int hash(
            Kind kind,
            Expression[] parts,
            int min,
            int max,
            ByteSet bytes,
            @Nullable MultipleState multiple) {
        int h = kind.name().hashCode() * 31 + min;
        h = h * 31 + max;
        for (Expression part : parts) {
            h = h * 0x9E3779B1 + part.id;
        }
        h = h * 31 + (kind == Kind.BYTES ? bytes.hashCode() : 0);
        h = h * 31 + (multiple == null ? 0 : multiple.hashCode());
        return h ^ (h >>> 15);
    }

    boolean is(
            int h,
            Kind k,
            Expression[] p,
            int low,
            int high,
            ByteSet set,
            @Nullable MultipleState state) {
        return hash == h
                && kind == k
                && min == low
                && max == high
                && Arrays.equals(parts, p)
                && (k != Kind.BYTES || bytes.equals(set))
                && (multiple == null ? state == null : multiple.equals(state));
    }

    int hash() {
        return hash;
    }
}
