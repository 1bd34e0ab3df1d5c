package dev.weft.grammar.expression;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out about intersections with multiples of a number without a search, since they have at
 * least as many derivatives as the divisor is large.
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
        return ending != null && (takes(e, ending) || leads(e, ending));
    }

    /**
     * The fewest digits that make a number the nearest multiple of one divisor; null if there are
     * none, or if another part of the intersection may refuse them.
     */
    byte @Nullable [] ending(Expression e) {
        MultipleState state = onlyState(e);
        byte[] ending = state == null ? null : state.ending();
        return ending != null && takes(e, ending) ? ending : null;
    }

    /** Whether no other part refuses the digits that complete a multiple of the one divisor. */
    private boolean takes(Expression e, byte[] ending) {
        return ending.length > 0
                && countOf(e) <= 1
                && run(others(e), ending.length) == ending.length;
    }

    /** The state of the only divisor; null if there is none or more than one. */
    private static @Nullable MultipleState onlyState(Expression e) {
        Expression multiple = e.kind == Expression.Kind.MULTIPLE ? e : firstOf(e);
        return multiple == null || countOf(e) > 1 ? null : multiple.multiple;
    }

    /**
     * Digits that may follow in a multiple of one divisor. The other parts refuse none of them, nor
     * the digits that complete a multiple behind them.
     *
     * @param most that are asked for
     * @return null if none are known
     */
    @Nullable DigitRun digits(Expression e, int most) {
        MultipleState state = onlyState(e);
        if (state == null || most == 0) {
            return null;
        }
        int needed = Long.toString(state.divisor()).length();
        int counted = Math.min(state.countedDigits(), most + needed);
        int free = run(others(e), counted);
        int left = Math.min(most, free < state.countedDigits() ? free - needed : free);
        return left > 0 ? new DigitRun(state, left) : null;
    }

    /**
     * Number of digits that may follow, whichever they are, with an end behind each; {@code most}
     * at most.
     */
    private int run(Expression start, int most) {
        Expression e = start;
        for (int count = 0; count < most; count++) {
            Expression next = behindAnyDigit(e);
            if (next == e) {
                return most;
            }
            if (next == null) {
                return count;
            }
            e = next;
        }
        return most;
    }

    /** The derivative that all ten digits share; null if they differ, or if it can't end there. */
    private @Nullable Expression behindAnyDigit(Expression e) {
        Expression next = pool.step(e, '0');
        for (int b = '1'; b <= '9' && next.nullable; b++) {
            if (pool.step(e, b) != next) {
                return null;
            }
        }
        return next.nullable ? next : null;
    }

    private boolean leads(Expression start, byte[] text) {
        Expression e = start;
        for (byte b : text) {
            e = derivatives.derive(e, b);
        }
        return e.nullable;
    }

    /**
     * Whether an intersection surely matches nothing: its parts other than the multiples match
     * nothing, or nothing with as many digits before the point as the multiples need. A union
     * surely matches nothing if each of its parts surely does.
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
        if (e.kind == Expression.Kind.MULTIPLE) {
            return pool.any();
        }
        List<Expression> others = new ArrayList<>(e.parts.length);
        for (Expression part : e.parts) {
            if (part.kind != Expression.Kind.MULTIPLE) {
                others.add(part);
            }
        }
        return pool.and(others);
    }
}
