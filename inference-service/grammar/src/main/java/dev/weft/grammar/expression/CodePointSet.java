package dev.weft.grammar.expression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** A set of code points as ranges that are collected in any order. */
public final class CodePointSet {
    public static final int LAST = Character.MAX_CODE_POINT;

    /** Those that have another case. */
    private static final int[] CASED =
            IntStream.rangeClosed(0, LAST)
                    .filter(c -> Character.toLowerCase(c) != c || Character.toUpperCase(c) != c)
                    .toArray();

    private record Range(int from, int to) {}

    private final List<Range> ranges = new ArrayList<>();

    public CodePointSet add(int from, int to) {
        ranges.add(new Range(from, to));
        return this;
    }

    public CodePointSet addAll(CodePointSet other) {
        ranges.addAll(other.ranges);
        return this;
    }

    public static CodePointSet matching(IntPredicate test) {
        CodePointSet set = new CodePointSet();
        int start = -1;
        for (int c = 0; c <= LAST + 1; c++) {
            boolean in = c <= LAST && test.test(c);
            if (in && start < 0) {
                start = c;
            } else if (!in && start >= 0) {
                set.add(start, c - 1);
                start = -1;
            }
        }
        return set;
    }

    /**
     * The set, with the other cases of its letters. Letters of ASCII have such of ASCII only: no
     * long s for an s.
     */
    public CodePointSet inBothCases() {
        CodePointSet set = new CodePointSet().addAll(this);
        for (Range r : merged()) {
            int found = Arrays.binarySearch(CASED, r.from);
            for (int i = found < 0 ? -found - 1 : found; i < CASED.length; i++) {
                if (CASED[i] > r.to) {
                    break;
                }
                addCase(set, CASED[i], Character.toLowerCase(CASED[i]));
                addCase(set, CASED[i], Character.toUpperCase(CASED[i]));
            }
        }
        return set;
    }

    private static void addCase(CodePointSet set, int c, int other) {
        if (other < 0x80 == c < 0x80) {
            set.add(other, other);
        }
    }

    private List<Range> merged() {
        List<Range> sorted = new ArrayList<>(ranges);
        sorted.sort(Comparator.comparingInt(Range::from));
        List<Range> merged = new ArrayList<>();
        for (Range r : sorted) {
            if (!merged.isEmpty() && r.from <= merged.getLast().to + 1) {
                Range last = merged.removeLast();
                merged.add(new Range(last.from, Math.max(last.to, r.to)));
            } else {
                merged.add(r);
            }
        }
        return merged;
    }

    public CodePointSet negated() {
        CodePointSet set = new CodePointSet();
        int next = 0;
        for (Range r : merged()) {
            if (r.from > next) {
                set.add(next, r.from - 1);
            }
            next = r.to + 1;
        }
        if (next <= LAST) {
            set.add(next, LAST);
        }
        return set;
    }

    public Expression expression(Expressions pool) {
        List<Expression> parts = new ArrayList<>();
        for (Range r : merged()) {
            parts.add(pool.codePoints(r.from, r.to));
        }
        return pool.or(parts);
    }
}
