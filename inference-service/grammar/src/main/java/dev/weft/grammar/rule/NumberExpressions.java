package dev.weft.grammar.rule;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.limit.GrammarOptions;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Sets of numbers as expressions over JSON's spelling (RFC 8259, 6). They are exact for spellings
 * without an exponent. A spelling with one is allowed only if it is surely in the set, also for
 * readers that use doubles: only 0 becomes 0, and nothing becomes infinite. A walk through a number
 * has 40 digits at most (see {@code NumberScans}), so an exponent of up to 259 leads to neither. A
 * larger exponent stands behind one digit before the point that is not 0. If numbers are written
 * for readers with types ({@link GrammarOptions.Numbers}), not every spelling in a set is written.
 */
public final class NumberExpressions {
    private static final int ANY = -1;
    private static final int MOST_DIGITS = 400;

    /** No program writes an exponent that is above this one and below the next. */
    private static final int SHORT_SMALL = -4;

    private static final int SHORT_LARGE = 7;

    /** Digits of the largest integer that is surely written without an exponent. */
    private static final int MOST_BARE = 40;

    private static final BigDecimal LARGEST = new BigDecimal(Double.MAX_VALUE);

    /** Lower bounds from this number on also hold numbers to the largest double. */
    private static final BigDecimal LARGE = BigDecimal.ONE.scaleByPowerOfTen(300);

    /** The largest divisor without its point. */
    private static final BigInteger LARGEST_DIVISOR = BigInteger.TEN.pow(16);

    /** Digits of a divisor behind its point. */
    private static final int MOST_SCALE = 30;

    /** The divisors that are served, as messages say it. */
    public static final String DIVISORS =
            "at most 10^16 without its point, and has at most 30 digits behind that";

    private final Expressions pool;
    private final Expression digit;
    private final Expression digits;
    private final Expression whole;
    private final FractionExpressions fractions;
    private final Expression fraction;
    private final ExponentExpressions exponents;
    private final Expression unsigned;
    private final Expression minus;
    private final @Nullable TypedNumbers typed;
    private final NumberSet all;
    private final NumberSet none;
    private final NumberSet integers;

    NumberExpressions(Expressions pool, GrammarOptions.Numbers numbers) {
        this.pool = pool;
        digit = pool.bytes('0', '9');
        digits = pool.repeat(digit, 0, ANY);
        whole = pool.or(pool.literal("0"), pool.concat(pool.bytes('1', '9'), digits));
        fractions = new FractionExpressions(pool);
        fraction = fractions.any();
        exponents = new ExponentExpressions(pool, fractions);
        unsigned = pool.concat(whole, fraction);
        minus = pool.literal("-");
        Expression signed = pool.repeat(minus, 0, 1);
        Expression plain = pool.concat(signed, unsigned);
        typed = numbers == GrammarOptions.Numbers.TYPED ? new TypedNumbers(pool) : null;
        all = set(plain, pool.concat(signed, pool.or(unsigned, exponential())));
        none = new NumberSet(pool.empty(), pool.empty(), all.written(), false);
        Expression zeros = fractions.equalTo("");
        Expression natural = pool.concat(whole, zeros);
        Expression large =
                pool.or(pool.concat(natural, exponents.usualUp()), exponents.large(zeros));
        integers =
                new NumberSet(
                        pool.concat(signed, natural),
                        typed != null
                                ? typed.integers()
                                : pool.concat(signed, pool.or(natural, large)),
                        pool.concat(signed, tenthsAtMost()),
                        typed != null);
    }

    /**
     * A set.
     *
     * @param spelled the spellings in it; those that readers with types don't take are left out
     */
    private NumberSet set(Expression plain, Expression spelled) {
        return new NumberSet(plain, typed == null ? spelled : pool.and(spelled, typed.all()));
    }

    /** Integers as digits alone, and numbers that are no integers. */
    public Expression bareOrBroken() {
        Expression broken =
                pool.concat(whole, pool.literal("."), digits, pool.bytes('1', '9'), digits);
        return pool.concat(
                pool.repeat(minus, 0, 1), pool.or(List.of(whole, broken, tenthsAtMost())));
    }

    /** The spellings that are known to be in a set. */
    public Expression known(NumberSet set) {
        return set.spelled() == null ? set.plain() : pool.or(set.plain(), set.spelled());
    }

    /**
     * The spellings that are known to be in each of some sets or outside it: those without
     * exponent, and some with one.
     */
    public Expression decided(List<NumberSet> sets) {
        List<Expression> all = new ArrayList<>();
        for (NumberSet set : sets) {
            Expression outside = set.outside();
            Expression in = known(set);
            all.add(outside == null ? in : pool.or(in, outside));
        }
        Expression exponents = all.isEmpty() ? known(this.all) : pool.and(all);
        return pool.or(this.all.plain(), pool.and(exponents, known(this.all)));
    }

    public NumberSet all() {
        return all;
    }

    public NumberSet none() {
        return none;
    }

    /** Numbers without a fraction. */
    public NumberSet integers() {
        return integers;
    }

    /** Integers of draft 4, in which 1.0 is not an integer. */
    public NumberSet bareIntegers() {
        return new NumberSet(pool.concat(pool.repeat(minus, 0, 1), whole), null);
    }

    NumberSet not(NumberSet set) {
        if (set.equals(all)) {
            return none;
        }
        if (set.plain().isEmpty()) {
            return all;
        }
        Expression plain = pool.and(all.plain(), pool.not(set.plain()));
        Expression outside = set.outside();
        return outside == null ? new NumberSet(plain, null) : set(plain, pool.or(plain, outside));
    }

    public NumberSet and(List<NumberSet> sets) {
        List<NumberSet> some = sets.stream().filter(set -> !set.equals(all)).toList();
        return some.isEmpty()
                ? all
                : some.size() == 1
                        ? some.getFirst()
                        : new NumberSet(
                                pool.and(some.stream().map(NumberSet::plain).toList()),
                                pool.and(some.stream().map(NumberSet::written).toList()),
                                outsideOfOne(some),
                                some.stream().anyMatch(NumberSet::bare));
    }

    public NumberSet or(List<NumberSet> sets) {
        List<NumberSet> some = sets.stream().filter(set -> !set.plain().isEmpty()).toList();
        return some.isEmpty()
                ? none
                : some.size() == 1
                        ? some.getFirst()
                        : new NumberSet(
                                pool.or(some.stream().map(NumberSet::plain).toList()),
                                pool.or(some.stream().map(NumberSet::written).toList()),
                                outsideOfAll(some),
                                some.stream().anyMatch(NumberSet::bare));
    }

    private @Nullable Expression outsideOfOne(List<NumberSet> sets) {
        List<Expression> known = outsides(sets);
        return known.isEmpty() ? null : pool.or(known);
    }

    private @Nullable Expression outsideOfAll(List<NumberSet> sets) {
        List<Expression> known = outsides(sets);
        return known.size() < sets.size() ? null : pool.and(known);
    }

    private static List<Expression> outsides(List<NumberSet> sets) {
        return sets.stream().map(NumberSet::outside).filter(Objects::nonNull).toList();
    }

    /**
     * The numbers that are in exactly one of some sets, written as they are there.
     *
     * @param one spellings of these numbers without an exponent
     */
    NumberSet exactlyOne(List<NumberSet> sets, Expression one) {
        NumberSet any = typed == null ? none : or(sets);
        return any.bare()
                ? new NumberSet(one, pool.and(one, any.written()), true)
                : new NumberSet(one, null);
    }

    /** One number of JSON; none if it is too large for a double, as Jackson reads it. */
    public NumberSet equalTo(JsonNode value) {
        return isFinite(value) ? equalTo(value.decimalValue()) : none;
    }

    /** Whether Jackson could hold a number. */
    public static boolean isFinite(JsonNode value) {
        return !value.isFloatingPointNumber()
                || value.isBigDecimal()
                || Double.isFinite(value.doubleValue());
    }

    /**
     * One number: all its spellings without an exponent, and those with one that programs write, if
     * they do.
     */
    NumberSet equalTo(BigDecimal value) {
        BigDecimal abs = stripped(value.abs());
        if (abs == null) {
            return none;
        }
        Expression body =
                pool.concat(pool.literal(wholeDigits(abs)), fractions.equalTo(fractionDigits(abs)));
        Expression sign =
                switch (value.signum()) {
                    case 0 -> pool.repeat(minus, 0, 1);
                    case 1 -> pool.epsilon();
                    default -> minus;
                };
        Expression plain = pool.concat(sign, body);
        boolean bare = typed != null && abs.scale() <= 0;
        Expression written = bare ? pool.concat(sign, pool.literal(wholeDigits(abs))) : plain;
        int exponent = ExponentExpressions.exponent(abs);
        int large = bare ? MOST_BARE : SHORT_LARGE;
        if (value.signum() != 0 && (exponent <= SHORT_SMALL || exponent >= large)) {
            Expression spelled = pool.or(written, pool.concat(sign, exponents.equalTo(abs)));
            return new NumberSet(plain, set(plain, spelled).written(), bare);
        }
        return bare ? new NumberSet(plain, written, true) : new NumberSet(plain, null);
    }

    /** Multiples of a number above 0; null if it is not one of {@link #DIVISORS}. */
    public @Nullable NumberSet multiplesOf(BigDecimal divisor) {
        BigDecimal d = stripped(divisor);
        if (d == null) {
            return null;
        }
        int scale = Math.max(0, d.scale());
        BigInteger unscaled = d.movePointRight(scale).toBigIntegerExact();
        if (scale > MOST_SCALE || unscaled.compareTo(LARGEST_DIVISOR) > 0) {
            return null;
        }
        if (unscaled.equals(BigInteger.ONE) && scale == 0) {
            return integers;
        }
        Expression multiples = pool.multiples(unscaled.longValueExact(), scale);
        Expression signed = pool.repeat(minus, 0, 1);
        Expression plain = pool.concat(signed, pool.and(unsigned, multiples));
        return typed != null && scale == 0
                ? new NumberSet(plain, pool.concat(signed, pool.and(whole, multiples)), true)
                : new NumberSet(plain, null);
    }

    /** Numbers of at least a value, or above it; null if it has too many digits. */
    public @Nullable NumberSet atLeast(BigDecimal value, boolean strict) {
        BigDecimal abs = stripped(value.abs());
        if (abs == null) {
            return null;
        }
        if (value.signum() > 0) {
            Expression plain = above(abs, strict);
            return set(plain, pool.or(plain, exponents.atLeast(abs, strict)));
        }
        Expression upper = value.signum() == 0 && strict ? above(abs, true) : unsigned;
        Expression lower =
                value.signum() == 0 && strict
                        ? pool.empty()
                        : pool.concat(minus, upTo(abs, strict));
        Expression plain = pool.or(upper, lower);
        Expression positive = value.signum() == 0 && strict ? positiveSmall() : exponential();
        Expression negative =
                value.signum() == 0
                        ? pool.empty()
                        : pool.concat(minus, exponents.atMost(abs, strict));
        return set(plain, pool.or(List.of(plain, positive, negative)));
    }

    /** Numbers of at most a value, or below it; null if it has too many digits. */
    public @Nullable NumberSet atMost(BigDecimal value, boolean strict) {
        NumberSet mirrored = atLeast(value.negate(), strict);
        BigDecimal abs = stripped(value.abs());
        if (mirrored == null || abs == null) {
            return null;
        }
        if (value.signum() < 0) {
            Expression plain = above(abs, strict);
            return set(
                    pool.concat(minus, plain),
                    pool.concat(minus, pool.or(plain, exponents.atLeast(abs, strict))));
        }
        boolean zero = value.signum() == 0;
        Expression negative = zero && strict ? above(abs, true) : unsigned;
        Expression upper = zero && strict ? pool.empty() : upTo(abs, strict);
        Expression plain = pool.or(upper, pool.concat(minus, negative));
        Expression below = pool.concat(minus, zero && strict ? positiveSmall() : exponential());
        Expression small = value.compareTo(BigDecimal.ONE) >= 0 ? small() : pool.empty();
        Expression positive = zero ? pool.empty() : exponents.atMost(abs, strict);
        return set(plain, pool.or(List.of(plain, below, small, positive)));
    }

    /** Numbers with an exponent, without sign. */
    private Expression exponential() {
        return pool.or(
                List.of(
                        pool.concat(unsigned, exponents.usual()),
                        exponents.large(fraction),
                        exponents.small()));
    }

    /** Numbers with an exponent, without sign, above 0. */
    private Expression positiveSmall() {
        return pool.or(
                List.of(
                        pool.concat(pool.bytes('1', '9'), fraction, exponents.usual()),
                        exponents.large(fraction),
                        exponents.small()));
    }

    /** Numbers with one digit before the point and an exponent below 0: they are less than 1. */
    private Expression small() {
        return pool.concat(digit, fraction, down(pool.bytes('1', '9'), pool.repeat(digit, 0, 1)));
    }

    /**
     * Numbers above 0 and of at most a tenth, for readers that use doubles too: they are no
     * integers.
     */
    private Expression tenthsAtMost() {
        Expression down =
                pool.or(
                        down(pool.bytes('2', '9'), pool.epsilon()),
                        down(pool.bytes('1', '9'), digit));
        return pool.or(pool.concat(pool.bytes('1', '9'), fraction, down), exponents.small());
    }

    /** An exponent below 0, with at most one 0 in front. */
    private Expression down(Expression first, Expression behind) {
        return pool.concat(
                pool.or(pool.literal("e"), pool.literal("E")),
                minus,
                pool.repeat(pool.literal("0"), 0, 1),
                first,
                behind);
    }

    /** Unsigned decimals of at most a value, or below it. */
    private Expression upTo(BigDecimal abs, boolean strict) {
        return pool.and(unsigned, pool.not(anyAbove(abs, !strict)));
    }

    /** Unsigned decimals of at least a value, or above it. */
    private Expression above(BigDecimal abs, boolean strict) {
        Expression above = anyAbove(abs, strict);
        return abs.compareTo(LARGE) < 0
                ? above
                : pool.and(above, pool.not(anyAbove(LARGEST, true)));
    }

    private Expression anyAbove(BigDecimal abs, boolean strict) {
        String w = wholeDigits(abs);
        List<Expression> parts = new ArrayList<>();
        int length = w.equals("0") ? 1 : w.length();
        parts.add(pool.concat(pool.bytes('1', '9'), pool.repeat(digit, length, ANY), fraction));
        for (int i = 0; i < w.length(); i++) {
            if (w.charAt(i) < '9') {
                parts.add(
                        pool.concat(
                                pool.literal(w.substring(0, i)),
                                pool.bytes(w.charAt(i) + 1, '9'),
                                pool.repeat(digit, w.length() - i - 1, w.length() - i - 1),
                                fraction));
            }
        }
        parts.add(pool.concat(pool.literal(w), fractions.above(fractionDigits(abs), strict)));
        return pool.or(parts);
    }

    private static @Nullable BigDecimal stripped(BigDecimal value) {
        if (value.signum() == 0) {
            return BigDecimal.ZERO;
        }
        BigDecimal s = value.stripTrailingZeros();
        boolean fits = s.scale() < MOST_DIGITS && (long) s.precision() - s.scale() < MOST_DIGITS;
        double read = fits ? s.doubleValue() : 0;
        return read == 0 || Double.isInfinite(read) ? null : s;
    }

    private static String wholeDigits(BigDecimal abs) {
        return abs.toBigInteger().toString();
    }

    private static String fractionDigits(BigDecimal abs) {
        String plain = abs.toPlainString();
        int point = plain.indexOf('.');
        return point < 0 ? "" : plain.substring(point + 1);
    }
}
