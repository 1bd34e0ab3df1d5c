package dev.weft.grammar.rule;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;

/**
 * Numbers as readers with types take them. Many fail on an integer with a point or an exponent. An
 * exponent stands behind one digit before the point that is not 0. It is not 0 itself, and begins
 * with a 0 only if it has one more digit. That is how C and Python write it ({@code 1e-07}), and
 * all that JavaScript, Java, Go and Rust write.
 */
final class TypedNumbers {
    private static final int ANY = -1;

    private final Expression integers;
    private final Expression all;

    TypedNumbers(Expressions pool) {
        Expression digit = pool.bytes('0', '9');
        Expression first = pool.bytes('1', '9');
        Expression minus = pool.repeat(pool.literal("-"), 0, 1);
        Expression whole =
                pool.or(pool.literal("0"), pool.concat(first, pool.repeat(digit, 0, ANY)));
        Expression fraction = new FractionExpressions(pool).any();
        Expression exponent =
                pool.or(
                        pool.concat(pool.literal("0"), first),
                        pool.concat(first, pool.repeat(digit, 0, 2)));
        Expression e = pool.or(pool.literal("e"), pool.literal("E"));
        Expression sign = pool.repeat(pool.or(pool.literal("+"), pool.literal("-")), 0, 1);
        integers = pool.concat(minus, whole);
        all =
                pool.concat(
                        minus,
                        pool.or(
                                pool.concat(whole, fraction),
                                pool.concat(first, fraction, e, sign, exponent)));
    }

    /** Integers: digits alone. */
    Expression integers() {
        return integers;
    }

    /** Numbers of any kind. */
    Expression all() {
        return all;
    }
}
