package dev.weft.grammar.rule;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import java.util.ArrayList;
import java.util.List;

/**
 * A number's point and the digits behind it, or nothing. A fraction that others are compared with
 * doesn't end in a zero.
 */
final class FractionExpressions {
    private static final int ANY = -1;

    private final Expressions pool;
    private final Expression digits;
    private final Expression zeros;
    private final Expression any;

    FractionExpressions(Expressions pool) {
        this.pool = pool;
        digits = pool.repeat(pool.bytes('0', '9'), 0, ANY);
        zeros = pool.repeat(pool.literal("0"), 0, ANY);
        any = pool.repeat(pool.concat(pool.literal("."), pool.bytes('0', '9'), digits), 0, 1);
    }

    /** Any fraction. */
    Expression any() {
        return any;
    }

    /** One fraction, with any zeros behind it. */
    Expression equalTo(String fraction) {
        return fraction.isEmpty()
                ? pool.repeat(pool.concat(pool.literal(".0"), zeros), 0, 1)
                : pool.concat(pool.literal("." + fraction), zeros);
    }

    /** Fractions of at least a given one, or above it. */
    Expression above(String fraction, boolean strict) {
        List<Expression> parts = new ArrayList<>();
        for (int i = 0; i < fraction.length(); i++) {
            if (fraction.charAt(i) < '9') {
                parts.add(
                        pool.concat(
                                pool.literal("." + fraction.substring(0, i)),
                                pool.bytes(fraction.charAt(i) + 1, '9'),
                                digits));
            }
        }
        if (strict) {
            parts.add(
                    pool.concat(pool.literal("." + fraction), zeros, pool.bytes('1', '9'), digits));
        } else {
            parts.add(fraction.isEmpty() ? any : pool.concat(pool.literal("." + fraction), digits));
        }
        return pool.or(parts);
    }

    /** Fractions of at most a given one, or below it. */
    Expression upTo(String fraction, boolean strict) {
        List<Expression> parts = new ArrayList<>();
        if (!strict) {
            parts.add(equalTo(fraction));
        }
        for (int i = 0; i < fraction.length(); i++) {
            String before = i == 0 ? "" : "." + fraction.substring(0, i);
            parts.add(pool.literal(before));
            if (fraction.charAt(i) > '0') {
                parts.add(
                        pool.concat(
                                pool.literal("." + fraction.substring(0, i)),
                                pool.bytes('0', fraction.charAt(i) - 1),
                                digits));
            }
        }
        return pool.or(parts);
    }
}
