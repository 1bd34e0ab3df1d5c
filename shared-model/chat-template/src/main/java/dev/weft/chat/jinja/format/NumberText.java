package dev.weft.chat.jinja.format;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.value.PythonText;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Writes floats as C's printf does: exact, half to even. */
final class NumberText {
    private static final int MAX_PRECISION = 100_000;

    /** No float has more digits behind the point or after its first digit: the rest are zeros. */
    private static final int MAX_DIGITS = 1_100;

    /** Units that {@link #MAX_DIGITS} digits of a float cost. */
    private static final int DIGITS_UNITS = 4_000;

    private NumberText() {}

    /** Digits without a sign for {@code type} e, f or g. */
    static String format(double number, char type, int precision, boolean alternate) {
        if (precision > MAX_PRECISION) {
            throw PyError.value("precision too big");
        }
        double size = Math.abs(number);
        if (Double.isNaN(size) || Double.isInfinite(size)) {
            return Double.isNaN(size) ? "nan" : "inf";
        }
        Budget.room(precision + 400L);
        Budget.scan(precision + DIGITS_UNITS);
        int exact = Math.min(precision, MAX_DIGITS);
        String zeros = "0".repeat(precision - exact);
        return switch (type) {
            case 'f' -> fixed(size, exact, alternate) + zeros;
            case 'e' -> withZeros(scientific(size, exact, alternate), zeros);
            default -> {
                String text = general(size, Math.max(exact, 1), alternate);
                yield alternate ? withZeros(text, zeros) : text;
            }
        };
    }

    private static String withZeros(String text, String zeros) {
        int exponent = text.indexOf('e');
        return exponent < 0
                ? text + zeros
                : text.substring(0, exponent) + zeros + text.substring(exponent);
    }

    private static String fixed(double number, int precision, boolean alternate) {
        String text =
                new BigDecimal(number).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
        return precision == 0 && alternate ? text + "." : text;
    }

    private static String scientific(double number, int precision, boolean alternate) {
        BigDecimal rounded = rounded(number, precision + 1);
        String digits = digits(rounded, precision + 1);
        String fraction = precision > 0 ? "." + digits.substring(1) : alternate ? "." : "";
        return digits.charAt(0) + fraction + PythonText.exponent(exponent(rounded));
    }

    private static String general(double number, int precision, boolean alternate) {
        BigDecimal rounded = rounded(number, precision);
        int exponent = exponent(rounded);
        if (exponent < -4 || exponent >= precision) {
            String digits = digits(rounded, precision);
            String fraction = alternate ? digits.substring(1) : trimmed(digits.substring(1));
            String point = fraction.isEmpty() && !alternate ? "" : ".";
            return digits.charAt(0) + point + fraction + PythonText.exponent(exponent);
        }
        String plain =
                rounded.setScale(Math.max(precision - 1 - exponent, 0), RoundingMode.UNNECESSARY)
                        .toPlainString();
        if (alternate) {
            return plain.indexOf('.') < 0 ? plain + "." : plain;
        }
        String text = plain.indexOf('.') < 0 ? plain : trimmed(plain);
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private static String trimmed(String digits) {
        int end = digits.length();
        while (end > 0 && digits.charAt(end - 1) == '0') {
            end--;
        }
        return digits.substring(0, end);
    }

    private static BigDecimal rounded(double number, int digits) {
        return new BigDecimal(number).round(new MathContext(digits, RoundingMode.HALF_EVEN));
    }

    private static String digits(BigDecimal number, int count) {
        String digits = number.unscaledValue().toString();
        return digits.length() < count
                ? digits + "0".repeat(count - digits.length())
                : digits.substring(0, count);
    }

    private static int exponent(BigDecimal number) {
        return number.signum() == 0 ? 0 : number.precision() - number.scale() - 1;
    }
}
