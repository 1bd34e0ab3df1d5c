package dev.weft.chat.jinja.value;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Recognises numbers, and converts between their kinds. */
public final class Numbers {
    private static final BigInteger MAX = BigInteger.valueOf(Integer.MAX_VALUE);
    private static final BigInteger MIN = BigInteger.valueOf(Integer.MIN_VALUE);

    /** Steps to write a float out exactly. */
    private static final int REAL_STEPS = 64;

    private static final int WIDEST = 61;

    private Numbers() {}

    /** The integer value of an int or bool; null for everything else. */
    public static @Nullable BigInteger integer(Value value) {
        return switch (value) {
            case Int(BigInteger number) -> number;
            case Bool bool -> bool == Bool.TRUE ? BigInteger.ONE : BigInteger.ZERO;
            case DictValue _,
                    ListValue _,
                    None _,
                    PyObject _,
                    RangeValue _,
                    Real _,
                    Str _,
                    TupleValue _,
                    Undefined _ ->
                    null;
        };
    }

    public static boolean isNumber(Value value) {
        return value instanceof Real || integer(value) != null;
    }

    /** A number as a double; an integer that is too large is an OverflowError. */
    public static double real(Value value) {
        if (value instanceof Real(double number)) {
            return number;
        }
        BigInteger integer = integer(value);
        if (integer == null) {
            throw PyError.type("must be real number, not " + value.typeName());
        }
        double number = integer.doubleValue();
        if (Double.isInfinite(number)) {
            throw PyError.overflow("int too large to convert to float");
        }
        return number;
    }

    /** An integer of at most 61 bits; larger ones are an OverflowError. */
    static long wide(Value value) {
        BigInteger integer = whole(value);
        if (integer.bitLength() > WIDEST) {
            throw PyError.overflow("Python int too large to convert to C ssize_t");
        }
        return integer.longValue();
    }

    /** An integer for a position or a length, clamped to the range of an int. */
    public static int index(Value value) {
        return whole(value).min(MAX).max(MIN).intValue();
    }

    private static BigInteger whole(Value value) {
        BigInteger integer = integer(value);
        if (integer == null) {
            if (value instanceof Undefined undefined) {
                throw undefined.error();
            }
            throw PyError.type(
                    "'" + value.typeName() + "' object cannot be interpreted as an integer");
        }
        return integer;
    }

    /** {@code int(number)} of a float. */
    public static BigInteger truncate(double number) {
        if (Double.isNaN(number)) {
            throw PyError.value("cannot convert float NaN to integer");
        }
        if (Double.isInfinite(number)) {
            throw PyError.overflow("cannot convert float infinity to integer");
        }
        Budget.steps(REAL_STEPS);
        return new BigDecimal(number).toBigInteger();
    }

    /** Exact order of two numbers; null if one is NaN. */
    public static @Nullable Integer compare(Value a, Value b) {
        if (a instanceof Real(double x) && b instanceof Real(double y)) {
            return Double.isNaN(x) || Double.isNaN(y) ? null : x < y ? -1 : x > y ? 1 : 0;
        }
        BigInteger left = integer(a);
        BigInteger right = integer(b);
        if (left != null && right != null) {
            Budget.scan(Math.min(left.bitLength(), right.bitLength()) / Byte.SIZE);
            return left.compareTo(right);
        }
        if (left != null) {
            return compare(left, real(b));
        }
        Integer reversed = right == null ? null : compare(right, real(a));
        return reversed == null ? null : Integer.valueOf(-reversed);
    }

    private static @Nullable Integer compare(BigInteger integer, double number) {
        if (Double.isNaN(number)) {
            return null;
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? -1 : 1;
        }
        if (integer.bitLength() > Double.MAX_EXPONENT + 1) {
            return integer.signum();
        }
        Budget.steps(REAL_STEPS);
        return new BigDecimal(integer).compareTo(new BigDecimal(number));
    }
}
