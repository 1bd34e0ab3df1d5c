package dev.weft.grammar.expression;

import dev.weft.grammar.budget.WorkBudget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A set of code points as ranges that are collected in any order. */
public final class CodePointSet {
    public static final int LAST = Character.MAX_CODE_POINT;

    /** Bytes that a range takes, with the room that a list of them grows by. */
    public static final int BYTES_OF_RANGE = 16;

    /** Code points that have another case. */
    private static final int[] CASED =
            IntStream.rangeClosed(0, LAST)
                    .filter(c -> Character.toLowerCase(c) != c || Character.toUpperCase(c) != c)
                    .toArray();

    /** Steps of work to make a range's bytes, most of which are there already. */
    private static final int STEPS_OF_RANGE = 4;

    /** The first code point of each range in the upper half, the last one in the lower half. */
    private long[] ranges = new long[1];

    private int size;

    public CodePointSet add(int from, int to) {
        if (size == ranges.length) {
            ranges = Arrays.copyOf(ranges, 2 * size);
        }
        ranges[size++] = (long) from << 32 | to;
        return this;
    }

    public CodePointSet addAll(CodePointSet other) {
        for (int i = 0; i < other.size; i++) {
            add(other.from(i), other.to(i));
        }
        return this;
    }

    /** Ranges as they were collected. */
    public int size() {
        return size;
    }

    private int from(int range) {
        return (int) (ranges[range] >>> 32);
    }

    private int to(int range) {
        return (int) ranges[range];
    }

    /**
     * The set, with the other cases of its letters. A letter of ASCII gets cases of ASCII only: an
     * s gets no long s.
     *
     * @param budget pays for the letters
     */
    public CodePointSet inBothCases(WorkBudget budget) {
        CodePointSet merged = merged();
        CodePointSet set = new CodePointSet().addAll(merged);
        for (int r = 0; r < merged.size; r++) {
            int found = Arrays.binarySearch(CASED, merged.from(r));
            int first = found < 0 ? -found - 1 : found;
            int i = first;
            for (; i < CASED.length && CASED[i] <= merged.to(r); i++) {
                addCase(set, CASED[i], Character.toLowerCase(CASED[i]));
                addCase(set, CASED[i], Character.toUpperCase(CASED[i]));
            }
            budget.spend(1 + i - first);
        }
        return set.merged();
    }

    private static void addCase(CodePointSet set, int c, int other) {
        if (other != c && other < 0x80 == c < 0x80) {
            set.add(other, other);
        }
    }

    /** The same set in ranges that are in order and apart. */
    private CodePointSet merged() {
        long[] sorted = Arrays.copyOf(ranges, size);
        Arrays.sort(sorted);
        CodePointSet merged = new CodePointSet();
        for (long range : sorted) {
            int from = (int) (range >>> 32);
            int to = (int) range;
            int last = merged.size - 1;
            if (last >= 0 && from <= merged.to(last) + 1) {
                to = Math.max(to, merged.to(last));
                merged.ranges[last] = (long) merged.from(last) << 32 | to;
            } else {
                merged.add(from, to);
            }
        }
        return merged;
    }

    public CodePointSet negated() {
        CodePointSet set = new CodePointSet();
        CodePointSet merged = merged();
        int next = 0;
        for (int r = 0; r < merged.size; r++) {
            if (merged.from(r) > next) {
                set.add(next, merged.from(r) - 1);
            }
            next = merged.to(r) + 1;
        }
        if (next <= LAST) {
            set.add(next, LAST);
        }
        return set;
    }

    /** One character of the set. */
    public Expression expression(Expressions pool) {
        List<Expression> parts = new ArrayList<>();
        pool.budget().spend(size);
        CodePointSet merged = merged();
        for (int r = 0; r < merged.size; r++) {
            pool.budget().spend(STEPS_OF_RANGE);
            parts.add(pool.codePoints(merged.from(r), merged.to(r)));
        }
        return pool.or(parts);
    }
}
