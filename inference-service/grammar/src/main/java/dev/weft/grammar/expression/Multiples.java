package dev.weft.grammar.expression;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known about intersections with multiples of a number without a search: they have at least
 * as many derivatives as the divisor is large.
 */
final class Multiples {
    private final Expressions pool;
    private final Derivatives derivatives;
    private final Expression digit;

    Multiples(Expressions pool, Derivatives derivatives) {
        this.pool = pool;
        this.derivatives = derivatives;
        this.digit = pool.bytes('0', '9');
    }

    /** Whether the nearest multiple is surely in an intersection. */
    boolean isSurelyLive(Expression e) {
        Expression multiple = firstOf(e);
        byte[] ending =
                multiple == null || multiple.multiple == null ? null : multiple.multiple.ending();
        if (ending == null) {
            return false;
        }
        Expression others = others(e);
        return isOfAnyDigits(others, e) || leads(e, ending);
    }

    /** Whether there is but one divisor, and any digits may follow beside it, and end. */
    private boolean isOfAnyDigits(Expression others, Expression e) {
        if (!others.nullable || countOf(e) > 1) {
            return false;
        }
        for (int b = '0'; b <= '9'; b++) {
            if (pool.step(others, b) != others) {
                return false;
            }
        }
        return true;
    }

    private boolean leads(Expression start, byte[] text) {
        Expression e = start;
        for (byte b : text) {
            e = derivatives.derive(e, b);
        }
        return e.nullable;
    }

    /**
     * Whether an intersection is surely of nothing: without the multiples, or with as many digits
     * before the point as they need; or each of some intersections.
     */
    boolean isSurelyDead(Expression e) {
        if (e.kind == Expression.Kind.OR) {
            for (Expression part : e.parts) {
                if (!isSurelyDead(part)) {
                    return false;
                }
            }
            return true;
        }
        if (firstOf(e) == null) {
            return false;
        }
        Expression others = others(e);
        if (!derivatives.isLive(others)) {
            return true;
        }
        for (Expression part : e.parts) {
            MultipleState state = part.multiple;
            int needed = state == null || state.fraction() >= 0 ? 0 : state.wholeDigits();
            if (needed > 0 && !derivatives.isLive(pool.and(others, beginning(needed)))) {
                return true;
            }
        }
        return false;
    }

    private Expression beginning(int digits) {
        return pool.concat(pool.repeat(digit, digits, digits), pool.any());
    }

    private static @Nullable Expression firstOf(Expression e) {
        if (e.kind == Expression.Kind.AND) {
            for (Expression part : e.parts) {
                if (part.kind == Expression.Kind.MULTIPLE) {
                    return part;
                }
            }
        }
        return null;
    }

    private static int countOf(Expression e) {
        int count = 0;
        for (Expression part : e.parts) {
            count += part.kind == Expression.Kind.MULTIPLE ? 1 : 0;
        }
        return count;
    }

    private Expression others(Expression e) {
        List<Expression> others = new ArrayList<>(e.parts.length);
        for (Expression part : e.parts) {
            if (part.kind != Expression.Kind.MULTIPLE) {
                others.add(part);
            }
        }
        return pool.and(others);
    }
}
