package dev.weft.chat.jinja.operation;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/**
 * Divides integers as Python does: quotients are rounded down, remainders have the divisor's sign.
 */
final class IntegerMath {
    private static final MathContext QUOTIENT = new MathContext(60);

    /** Bits of the quotient's digits, and of the work to get them. */
    private static final int QUOTIENT_BITS = 400;

    private IntegerMath() {}

    static BigInteger floorDivide(BigInteger a, BigInteger b) {
        Budget.product(a.bitLength(), b.bitLength());
        BigInteger[] parts = a.divideAndRemainder(b);
        return parts[1].signum() != 0 && parts[1].signum() != b.signum()
                ? parts[0].subtract(BigInteger.ONE)
                : parts[0];
    }

    static BigInteger floorModulo(BigInteger a, BigInteger b) {
        Budget.product(a.bitLength(), b.bitLength());
        BigInteger remainder = a.remainder(b);
        return remainder.signum() != 0 && remainder.signum() != b.signum()
                ? remainder.add(b)
                : remainder;
    }

    static double divide(BigInteger a, BigInteger b) {
        Budget.product(
                QUOTIENT_BITS + a.bitLength() + b.bitLength(), QUOTIENT_BITS + b.bitLength());
        double quotient = new BigDecimal(a).divide(new BigDecimal(b), QUOTIENT).doubleValue();
        if (Double.isInfinite(quotient)) {
            throw PyError.overflow("integer division result too large for a float");
        }
        return quotient == 0 && a.signum() * b.signum() < 0 ? -0.0 : quotient;
    }
}
