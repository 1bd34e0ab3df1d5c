package dev.weft.grammar.expression;

import dev.weft.grammar.budget.LimitException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Any of some strings of bytes, as a tree of what they have in common. */
final class Literals {
    private final Expressions pool;
    private final byte[][] sorted;

    Literals(Expressions pool, List<byte[]> all) {
        this.pool = pool;
        this.sorted = all.toArray(byte[][]::new);
        Arrays.sort(sorted, Arrays::compareUnsigned);
    }

    Expression expression() {
        return literals(0, sorted.length, 0, 0);
    }

    private Expression literals(int from, int to, int at, int deep) {
        if (from == to) {
            return pool.empty();
        }
        if (deep > Expressions.MOST_DEPTH) {
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
            branches.add(pool.epsilon());
        }
        while (start < to) {
            int end = start + 1;
            byte b = sorted[start][common];
            while (end < to && sorted[end][common] == b) {
                end++;
            }
            branches.add(literals(start, end, common, deep + 1, b));
            start = end;
        }
        Expression rest = branches.size() == 1 ? branches.getFirst() : pool.or(branches);
        for (int i = common - 1; i >= at; i--) {
            rest = pool.concat(pool.bytes(low[i] & 0xFF, low[i] & 0xFF), rest);
        }
        return rest;
    }

    private Expression literals(int from, int to, int at, int deep, byte b) {
        return pool.concat(pool.bytes(b & 0xFF, b & 0xFF), literals(from, to, at + 1, deep));
    }
}
