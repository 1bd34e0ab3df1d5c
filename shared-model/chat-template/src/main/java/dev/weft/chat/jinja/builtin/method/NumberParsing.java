package dev.weft.chat.jinja.builtin.method;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import java.math.BigInteger;
import java.util.regex.Pattern;

/** {@code int(text, base)} and {@code float(text)}. */
public final class NumberParsing {
    private static final int MAX_DIGITS = 4300;

    /** Bits of a digit in base 36, the largest one. */
    private static final long BITS_OF_A_DIGIT = 6;

    private static final Pattern DIGITS = Pattern.compile("[0-9a-z]++(?:_[0-9a-z]++)*+");
    private static final String NUMBER = "\\d++(?:_\\d++)*+";

    /** Quantifiers are possessive, so that no text makes the matching recurse or backtrack. */
    private static final Pattern REAL =
            Pattern.compile(
                    "[+-]?(?:NUMBER\\.?(?:NUMBER)?|\\.NUMBER)(?:[eE][+-]?NUMBER)?"
                            .replace("NUMBER", NUMBER));

    private NumberParsing() {}

    public static BigInteger integer(String text, int base) {
        if (base != 0 && (base < 2 || base > 36)) {
            throw PyError.value("int() base must be >= 2 and <= 36, or 0");
        }
        String digits = StringCase.lower(ascii(text));
        boolean negative = digits.startsWith("-");
        if (negative || digits.startsWith("+")) {
            digits = digits.substring(1);
        }
        int radix = base;
        int prefix = prefix(digits);
        if (prefix != 0 && (base == 0 || base == prefix)) {
            radix = prefix;
            digits = digits.substring(digits.startsWith("_", 2) ? 3 : 2);
        } else if (base == 0) {
            radix = 10;
            if (digits.startsWith("0") && !digits.matches("[0_]+")) {
                throw invalid(text, base);
            }
        }
        if (digits.length() > MAX_DIGITS || !DIGITS.matcher(digits).matches()) {
            throw invalid(text, base);
        }
        Budget.product(BITS_OF_A_DIGIT * digits.length(), BITS_OF_A_DIGIT * digits.length());
        try {
            BigInteger size = new BigInteger(digits.replace("_", ""), radix);
            return negative ? size.negate() : size;
        } catch (NumberFormatException e) {
            throw invalid(text, base);
        }
    }

    private static int prefix(String digits) {
        return digits.startsWith("0x")
                ? 16
                : digits.startsWith("0o") ? 8 : digits.startsWith("0b") ? 2 : 0;
    }

    private static PyError invalid(String text, int base) {
        return PyError.value(
                "invalid literal for int() with base "
                        + base
                        + ": '"
                        + text.substring(0, Math.min(text.length(), 40))
                        + "'");
    }

    public static double real(String text) {
        String digits = ascii(text);
        if (REAL.matcher(digits).matches()) {
            return Double.parseDouble(digits.replace("_", ""));
        }
        String word = StringCase.lower(digits);
        boolean negative = word.startsWith("-");
        if (negative || word.startsWith("+")) {
            word = word.substring(1);
        }
        return switch (word) {
            case "nan" -> Double.NaN;
            case "inf", "infinity" ->
                    negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
            default -> throw PyError.value("could not convert string to float");
        };
    }

    /** Reads digits alone; more digits than Python converts are a ValueError. */
    static BigInteger decimal(String digits) {
        if (digits.length() > MAX_DIGITS) {
            throw PyError.value(
                    "Exceeds the limit (" + MAX_DIGITS + " digits) for integer string conversion");
        }
        Budget.product(BITS_OF_A_DIGIT * digits.length(), BITS_OF_A_DIGIT * digits.length());
        return new BigInteger(digits);
    }

    /** Strips the text, and replaces decimal digits of other scripts by ASCII ones. */
    private static String ascii(String text) {
        Budget.slowly(text.length());
        Budget.bytes(8L * text.length());
        StringBuilder result = new StringBuilder();
        StringShape.strip(text, null, true, true)
                .codePoints()
                .forEach(c ->
                        result.appendCodePoint(
                                c >= 0x80 && Character.isDigit(c)
                                        ? '0' + Character.digit(c, 10)
                                        : c));
        return result.toString();
    }
}
