package dev.weft.chat.jinja.format;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.value.DictValue;
import dev.weft.chat.jinja.value.ListValue;
import dev.weft.chat.jinja.value.Numbers;
import dev.weft.chat.jinja.value.RangeValue;
import dev.weft.chat.jinja.value.Real;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.Undefined;
import dev.weft.chat.jinja.value.Value;
import java.math.BigInteger;

/** The parts that both of Python's ways to format share. */
final class Formatting {
    private Formatting() {}

    /**
     * Whether {@code %} may leave the value unused: Python allows that for a mapping, or anything
     * with items but str and tuple.
     */
    static boolean isMappingLike(Value value) {
        return value instanceof DictValue
                || value instanceof ListValue
                || value instanceof RangeValue
                || value instanceof Undefined;
    }

    static BigInteger integer(char type, Value value) {
        BigInteger number = Numbers.integer(value);
        if (number != null) {
            return number;
        }
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (value instanceof Real(double real) && "diu".indexOf(type) >= 0) {
            return Numbers.truncate(real);
        }
        throw PyError.type(
                "%" + type + " format: a real number is required, not " + value.typeName());
    }

    static double real(Value value) {
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        return Numbers.real(value);
    }

    static String character(Value value) {
        if (value instanceof Str str && str.length() == 1) {
            return str.text();
        }
        BigInteger number = Numbers.integer(value);
        if (number == null) {
            throw PyError.type("%c requires an int or a unicode character");
        }
        if (number.signum() < 0 || number.compareTo(BigInteger.valueOf(0x10FFFF)) > 0) {
            throw PyError.overflow("%c arg not in range(0x110000)");
        }
        return Character.toString(number.intValue());
    }

    /** Digits of an integer, without the sign, in a base that is a power of two. */
    static String digits(BigInteger number, int radix) {
        Budget.product(number.bitLength(), number.bitLength());
        return number.abs().toString(radix);
    }

    /** Length of a number's sign and base prefix. */
    static int signLength(String number) {
        int sign = !number.isEmpty() && "+- ".indexOf(number.charAt(0)) >= 0 ? 1 : 0;
        boolean prefix =
                number.startsWith("0x", sign)
                        || number.startsWith("0X", sign)
                        || number.startsWith("0o", sign)
                        || number.startsWith("0O", sign)
                        || number.startsWith("0b", sign)
                        || number.startsWith("0B", sign);
        return sign + (prefix ? 2 : 0);
    }
}
