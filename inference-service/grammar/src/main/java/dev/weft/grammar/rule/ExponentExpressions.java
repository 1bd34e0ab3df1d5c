package dev.weft.grammar.rule;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Exponents of numbers, and the numbers whose exponent is near a double's ends. */
final class ExponentExpressions {
    /**
     * Exponents from this one to {@link #MOST} take a double neither to 0 nor to infinity, if one
     * digit that is not 0 stands before the point.
     */
    private static final int LEAST = -323;

    private static final int MOST = 307;

    private static final String LARGEST_DIGITS = "1.7976931348623157";
    private static final BigDecimal LARGEST = new BigDecimal(LARGEST_DIGITS + "e308");

    private final Expressions pool;
    private final FractionExpressions fractions;
    private final Expression digit;
    private final Expression fraction;
    private final Expression up;
    private final Expression down;
    private final Expression usual;

    ExponentExpressions(Expressions pool, FractionExpressions fractions) {
        this.pool = pool;
        this.fractions = fractions;
        this.fraction = fractions.any();
        digit = pool.bytes('0', '9');
        Expression e = pool.or(pool.literal("e"), pool.literal("E"));
        up = pool.concat(e, pool.repeat(pool.literal("+"), 0, 1));
        down = pool.concat(e, pool.literal("-"));
        usual =
                pool.or(
                        pool.repeat(digit, 1, 2),
                        pool.or(
                                pool.concat(pool.bytes('0', '1'), digit, digit),
                                pool.concat(pool.literal("2"), pool.bytes('0', '5'), digit)));
    }

    /** Exponents of -259 to 259. */
    Expression usual() {
        return pool.concat(pool.or(up, down), usual);
    }

    /** Exponents of 0 to 259. */
    Expression usualUp() {
        return pool.concat(up, usual);
    }

    /**
     * Numbers with an exponent of 260 to 307, and a double's largest in its shortest spelling.
     *
     * @param behind what may stand between the first digit and the exponent
     */
    Expression large(Expression behind) {
        Expression some =
                pool.or(sixtyOrMore(), pool.concat(pool.literal("30"), pool.bytes('0', '7')));
        Expression all = pool.concat(pool.bytes('1', '9'), behind, up, some);
        return behind.equals(fraction) ? pool.or(all, largest()) : all;
    }

    private Expression largest() {
        return pool.concat(pool.literal(LARGEST_DIGITS), up, pool.literal("308"));
    }

    /** Numbers with an exponent of -260 to -323, and a double's least above 0. */
    Expression small() {
        Expression some =
                pool.or(
                        sixtyOrMore(),
                        pool.or(
                                pool.concat(pool.literal("3"), pool.bytes('0', '1'), digit),
                                pool.concat(pool.literal("32"), pool.bytes('0', '3'))));
        return pool.or(
                pool.concat(pool.bytes('1', '9'), fraction, down, some),
                pool.concat(pool.bytes('3', '9'), fraction, down, pool.literal("324")));
    }

    /** 260 to 299. */
    private Expression sixtyOrMore() {
        return pool.concat(pool.literal("2"), pool.bytes('6', '9'), digit);
    }

    /** One number above 0 in an exponent's spelling, one digit before the point. */
    Expression equalTo(BigDecimal abs) {
        int exponent = exponent(abs);
        return pool.concat(
                pool.literal(digits(abs).substring(0, 1)),
                fractions.equalTo(digits(abs).substring(1)),
                between(exponent, exponent));
    }

    /**
     * Numbers of at least a value above 0, or above it, with one digit that is not 0 before a
     * point.
     */
    Expression atLeast(BigDecimal abs, boolean strict) {
        char first = digits(abs).charAt(0);
        Expression some =
                beyond(
                        abs,
                        between(Math.max(LEAST, exponent(abs) + 1), MOST),
                        digitsBetween(first + 1, '9'),
                        fractions.above(digits(abs).substring(1), strict));
        return LARGEST.compareTo(abs) >= (strict ? 1 : 0) ? pool.or(some, largest()) : some;
    }

    /**
     * Numbers above 0 of at most a value, or below it, with one digit that is not 0 before a point.
     */
    Expression atMost(BigDecimal abs, boolean strict) {
        char first = digits(abs).charAt(0);
        Expression some =
                beyond(
                        abs,
                        between(LEAST, Math.min(MOST, exponent(abs) - 1)),
                        digitsBetween('1', first - 1),
                        fractions.upTo(digits(abs).substring(1), strict));
        return abs.compareTo(LARGEST) >= (strict ? 1 : 0) ? pool.or(some, largest()) : some;
    }

    /**
     * Numbers on one side of another.
     *
     * @param exponents with which any number is on that side
     * @param firsts first digits with which a number of the same exponent is on that side
     * @param behind fractions with which a number of the same exponent and first digit is on that
     *     side
     */
    private Expression beyond(
            BigDecimal abs, Expression exponents, Expression firsts, Expression behind) {
        Expression first = pool.literal(digits(abs).substring(0, 1));
        Expression mantissa = pool.or(pool.concat(firsts, fraction), pool.concat(first, behind));
        return pool.or(
                pool.concat(pool.bytes('1', '9'), fraction, exponents),
                pool.concat(mantissa, within(exponent(abs))));
    }

    private Expression digitsBetween(int from, int to) {
        return from > to ? pool.empty() : pool.bytes(from, to);
    }

    /** The exponent of a number that has one digit before the point. */
    static int exponent(BigDecimal abs) {
        return abs.precision() - abs.scale() - 1;
    }

    private static String digits(BigDecimal abs) {
        return abs.stripTrailingZeros().unscaledValue().toString();
    }

    /** An exponent; nothing if it could take a double to 0 or to infinity. */
    private Expression within(int exponent) {
        return exponent < LEAST || exponent > MOST ? pool.empty() : between(exponent, exponent);
    }

    /** Exponents of a range, of up to three digits. */
    private Expression between(int low, int high) {
        return pool.or(
                pool.concat(up, count(Math.max(0, low), high)),
                pool.concat(down, count(Math.max(0, -high), -low)));
    }

    private Expression count(int low, int high) {
        return pool.or(List.of(count(low, high, 1), count(low, high, 2), count(low, high, 3)));
    }

    /** Numbers of a range in so many digits, zeros in front included. */
    private Expression count(int low, int high, int width) {
        if (low > high) {
            return pool.empty();
        }
        if (width == 0) {
            return pool.epsilon();
        }
        int unit = width == 3 ? 100 : width == 2 ? 10 : 1;
        List<Expression> parts = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int from = Math.max(0, low - i * unit);
            int to = Math.min(unit - 1, high - i * unit);
            parts.add(pool.concat(pool.bytes('0' + i, '0' + i), count(from, to, width - 1)));
        }
        return pool.or(parts);
    }
}
