package dev.weft.grammar.expression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** A set of code points as ranges that are collected in any order. */
public final class CodePointSet {
    public static final int LAST = Character.MAX_CODE_POINT;

    /** Code points that have another case. */
    private static final int[] CASED =
            IntStream.rangeClosed(0, LAST)
                    .filter(c -> Character.toLowerCase(c) != c || Character.toUpperCase(c) != c)
                    .toArray();

    /** Steps of work to make a range's bytes, most of which are there already. */
    private static final int STEPS_OF_RANGE = 4;

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

    /** Ranges as they were collected. */
    public int size() {
        return ranges.size();
    }

    /**
     * The set, with the other cases of its letters. A letter of ASCII gets cases of ASCII only: an
     * s gets no long s.
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

    /** One character of the set. */
    public Expression expression(Expressions pool) {
        List<Expression> parts = new ArrayList<>();
        pool.budget().spend(ranges.size());
        for (Range r : merged()) {
            pool.budget().spend(STEPS_OF_RANGE);
            parts.add(pool.codePoints(r.from, r.to));
        }
        return pool.or(parts);
    }
}
