package dev.weft.grammar.rule;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import java.nio.charset.StandardCharsets;

/** Exponents of numbers, and the numbers whose exponent is near a double's ends. */
final class ExponentExpressions {
    private final Expressions pool;
    private final Expression digit;
    private final Expression fraction;
    private final Expression up;
    private final Expression down;
    private final Expression usual;

    /**
     * Exponents.
     *
     * @param fraction of numbers, or nothing
     */
    ExponentExpressions(Expressions pool, Expression fraction) {
        this.pool = pool;
        this.fraction = fraction;
        digit = pool.bytes('0', '9');
        Expression e = pool.or(text("e"), text("E"));
        up = pool.concat(e, pool.repeat(text("+"), 0, 1));
        down = pool.concat(e, text("-"));
        usual =
                pool.or(
                        pool.repeat(digit, 1, 2),
                        pool.or(
                                pool.concat(pool.bytes('0', '1'), digit, digit),
                                pool.concat(text("2"), pool.bytes('0', '5'), digit)));
    }

    /** Exponents of -259 to 259. */
    Expression usual() {
        return pool.concat(pool.or(up, down), usual);
    }

    /** Those of them that are 0 or more. */
    Expression usualUp() {
        return pool.concat(up, usual);
    }

    /**
     * Numbers with an exponent of 260 to 307, and a double's largest in its shortest spelling.
     *
     * @param behind what may stand between the first digit and the exponent
     */
    Expression large(Expression behind) {
        Expression some = pool.or(sixtyOrMore(), pool.concat(text("30"), pool.bytes('0', '7')));
        Expression all = pool.concat(pool.bytes('1', '9'), behind, up, some);
        return behind.equals(fraction)
                ? pool.or(all, pool.concat(text("1.7976931348623157"), up, text("308")))
                : all;
    }

    /** Numbers with an exponent of -260 to -323, and a double's least above 0. */
    Expression small() {
        Expression some =
                pool.or(
                        sixtyOrMore(),
                        pool.or(
                                pool.concat(text("3"), pool.bytes('0', '1'), digit),
                                pool.concat(text("32"), pool.bytes('0', '3'))));
        return pool.or(
                pool.concat(pool.bytes('1', '9'), fraction, down, some),
                pool.concat(pool.bytes('3', '9'), fraction, down, text("324")));
    }

    /** 260 to 299. */
    private Expression sixtyOrMore() {
        return pool.concat(text("2"), pool.bytes('6', '9'), digit);
    }

    private Expression text(String text) {
        return pool.literal(text.getBytes(StandardCharsets.US_ASCII));
    }
}
