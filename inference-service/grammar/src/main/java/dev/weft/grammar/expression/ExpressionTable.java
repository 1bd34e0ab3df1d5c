package dev.weft.grammar.expression;

import dev.weft.grammar.budget.LimitException;
import org.jspecify.annotations.Nullable;

/** Each expression of a pool once, by what it is made of. */
final class ExpressionTable {
    private static final int BYTES_OF_EXPRESSION = 120;

    private final Expressions pool;
    private Expression[] table = new Expression[1024];
    private int size;

    /** An empty table, whose work and memory the pool counts. */
    ExpressionTable(Expressions pool) {
        this.pool = pool;
    }

    Expression intern(
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
        pool.budget().spend(2 + parts.length);
        pool.hold(BYTES_OF_EXPRESSION + 4L * parts.length);
        Expression made = new Expression(size++, kind, parts, min, max, bytes, multiple);
        if (made.depth > Expressions.MOST_DEPTH) {
            throw new LimitException(LimitException.Limit.MEMORY, "it nests too deeply");
        }
        table[at] = made;
        if (size * 2 > table.length) {
            grow();
        }
        return made;
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
