package dev.weft.chat.jinja.operation;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Arithmetic of floats that Python does differently from Java. */
public final class FloatMath {
    private static final int MAX_PRECISION = 400;

    /** Steps of a remainder, which takes long if exponents are far apart. */
    private static final int REMAINDER_STEPS = 16;

    /** Steps of a rounding: the exact value may have a thousand digits. */
    private static final int ROUND_STEPS = 100;

    private FloatMath() {}

    static double modulo(double a, double b) {
        Budget.steps(REMAINDER_STEPS);
        double remainder = a % b;
        if (remainder != 0) {
            return remainder < 0 == b < 0 ? remainder : remainder + b;
        }
        return Math.copySign(0.0, b);
    }

    static double floorDivide(double a, double b) {
        Budget.steps(REMAINDER_STEPS);
        double remainder = a % b;
        double quotient = (a - remainder) / b;
        if (remainder != 0 && remainder < 0 != b < 0) {
            quotient -= 1.0;
        }
        if (quotient == 0) {
            return Math.copySign(0.0, a / b);
        }
        double floor = Math.floor(quotient);
        return quotient - floor > 0.5 ? floor + 1.0 : floor;
    }

    static double power(double a, double b) {
        if (a == 0 && b < 0) {
            throw new PyError(
                    PyError.Kind.ZERO_DIVISION, "0.0 cannot be raised to a negative power");
        }
        if (a == 1 || b == 0) {
            return 1.0;
        }
        if (a == -1 && Double.isInfinite(b)) {
            return 1.0;
        }
        double power = Math.pow(a, b);
        boolean finite = !Double.isInfinite(a) && !Double.isInfinite(b);
        if (a < 0 && finite && b != Math.rint(b)) {
            throw PyError.type("a power that is a complex number is not supported");
        }
        if (Double.isInfinite(power) && finite) {
            throw PyError.overflow("(34, 'Numerical result out of range')");
        }
        return power;
    }

    /** {@code round(number, digits)}: half to even, on the exact value. */
    public static double round(double number, int digits) {
        if (Double.isNaN(number) || Double.isInfinite(number) || digits > MAX_PRECISION) {
            return number;
        }
        if (digits < -MAX_PRECISION) {
            return Math.copySign(0.0, number);
        }
        Budget.steps(ROUND_STEPS);
        double rounded =
                new BigDecimal(number).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
        return Math.copySign(rounded, number);
    }
}
