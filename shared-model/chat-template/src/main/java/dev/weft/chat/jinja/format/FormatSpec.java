package dev.weft.chat.jinja.format;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.value.Numbers;
import dev.weft.chat.jinja.value.PythonText;
import dev.weft.chat.jinja.value.Real;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.Value;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code format(value, spec)} for strings and numbers. */
public final class FormatSpec {
    private static final Pattern SPEC =
            Pattern.compile(
                    "(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\\d+)?([,_])?(?:\\.(\\d+))?([a-zA-Z%])?",
                    Pattern.DOTALL);

    /** Fill, flags, and two numbers of nine digits fit. */
    private static final int LONGEST = 64;

    private final String fill;
    private final @Nullable String align;
    private final @Nullable String sign;
    private final boolean alternate;
    private final boolean zero;
    private final int width;
    private final @Nullable String grouping;
    private final int precision;
    private final char type;

    private FormatSpec(Matcher spec) {
        zero = spec.group(6) != null;
        String given = spec.group(1);
        fill = given != null ? given : zero ? "0" : " ";
        align = spec.group(2);
        sign = spec.group(3);
        alternate = spec.group(5) != null;
        width = number(spec.group(7), 0);
        grouping = spec.group(8);
        precision = number(spec.group(9), -1);
        type = spec.group(10) == null ? ' ' : spec.group(10).charAt(0);
    }

    private static int number(@Nullable String digits, int otherwise) {
        if (digits == null) {
            return otherwise;
        }
        if (digits.length() > 9) {
            throw PyError.value("Too many decimal digits in format string");
        }
        return Integer.parseInt(digits);
    }

    public static String format(Value value, String spec) {
        if (spec.isEmpty()) {
            return PythonText.str(value);
        }
        Budget.slowly(Math.min(spec.length(), LONGEST));
        if (spec.length() > LONGEST) {
            throw PyError.value("Invalid format specifier");
        }
        Matcher matcher = SPEC.matcher(spec);
        if (!matcher.matches()) {
            throw PyError.value("Invalid format specifier '" + spec + "'");
        }
        FormatSpec parsed = new FormatSpec(matcher);
        if (value instanceof Str str) {
            return parsed.string(str.text());
        }
        BigInteger integer = Numbers.integer(value);
        if (integer != null) {
            return parsed.integer(integer, value);
        }
        if (value instanceof Real(double number)) {
            return parsed.real(number);
        }
        throw PyError.type(
                "unsupported format string passed to " + value.typeName() + ".__format__");
    }

    private String string(String text) {
        if ((type != ' ' && type != 's')
                || sign != null
                || alternate
                || grouping != null
                || "=".equals(align)) {
            throw PyError.value("Invalid format specifier for object of type 'str'");
        }
        return padded("", PercentFormat.cut(text, precision), align == null ? "<" : align);
    }

    private String integer(BigInteger number, Value value) {
        if ("eEfFgG%".indexOf(type) >= 0) {
            return real(Numbers.real(value));
        }
        if (precision >= 0) {
            throw PyError.value("Precision not allowed in integer format specifier");
        }
        if (type == 'c') {
            return padded("", Formatting.character(value), align == null ? "<" : align);
        }
        int radix =
                switch (type) {
                    case 'b' -> 2;
                    case 'o' -> 8;
                    case 'x', 'X' -> 16;
                    case ' ', 'd', 'n' -> 10;
                    default -> throw unknown("int");
                };
        BigInteger size = number.abs();
        String digits = radix == 10 ? PythonText.integer(size) : Formatting.digits(size, radix);
        String prefix = alternate && radix != 10 ? "0" + Character.toLowerCase(type) : "";
        String all = sign(number.signum() < 0) + prefix;
        if (type == 'X') {
            all = all.toUpperCase(Locale.ROOT);
            digits = digits.toUpperCase(Locale.ROOT);
        }
        return numeric(all, digits, "", radix == 10 ? 3 : 4);
    }

    private String real(double number) {
        boolean negative = Double.doubleToRawLongBits(number) < 0 && !Double.isNaN(number);
        String text = magnitude(Math.abs(number));
        int end = 0;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        return numeric(sign(negative), text.substring(0, end), text.substring(end), 3);
    }

    private String magnitude(double number) {
        char lower = Character.toLowerCase(type);
        String text =
                switch (lower) {
                    case 'e', 'f', 'g' ->
                            NumberText.format(
                                    number, lower, precision < 0 ? 6 : precision, alternate);
                    case 'n' ->
                            NumberText.format(
                                    number, 'g', precision < 0 ? 6 : precision, alternate);
                    case '%' ->
                            NumberText.format(
                                            number * 100,
                                            'f',
                                            precision < 0 ? 6 : precision,
                                            alternate)
                                    + "%";
                    case ' ' -> plain(number);
                    default -> throw unknown("float");
                };
        return Character.isUpperCase(type) ? text.toUpperCase(Locale.ROOT) : text;
    }

    /** Formats without a type: like repr, or like g with at least one digit after the point. */
    private String plain(double number) {
        if (precision < 0) {
            return PythonText.real(number);
        }
        String text = NumberText.format(number, 'g', precision, alternate);
        boolean whole = text.chars().allMatch(Character::isDigit);
        if (!whole) {
            return text;
        }
        return text.length() >= Math.max(precision, 1)
                ? NumberText.format(number, 'e', Math.max(precision - 1, 0), alternate)
                        .replaceFirst("(\\.\\d*?)0+e", "$1e")
                        .replace(".e", "e")
                : text + ".0";
    }

    private PyError unknown(String of) {
        return PyError.value("Unknown format code '" + type + "' for object of type '" + of + "'");
    }

    private String sign(boolean negative) {
        return negative ? "-" : sign == null || sign.equals("-") ? "" : sign;
    }

    private String numeric(String head, String digits, String tail, int group) {
        String how = align == null ? zero ? "=" : ">" : align;
        String number = digits;
        if (grouping != null) {
            boolean filled = how.equals("=") && fill.equals("0");
            int room = filled ? width - head.length() - tail.length() : 0;
            number = grouped(digits, grouping, group, room);
        }
        return how.equals("=")
                ? head + padded("", number + tail, ">", width - head.length())
                : padded(head, number + tail, how);
    }

    private static String grouped(String digits, String separator, int group, int room) {
        Budget.room(room * 2L);
        Budget.slowly(Math.max(room, digits.length()));
        StringBuilder text = new StringBuilder();
        int written = 0;
        for (int i = digits.length() - 1; i >= 0 || text.length() < room; i--) {
            if (written > 0 && written % group == 0) {
                text.append(separator);
            }
            text.append(i >= 0 ? digits.charAt(i) : '0');
            written++;
        }
        return text.reverse().toString();
    }

    private String padded(String head, String text, String how) {
        return padded(head, text, how, width);
    }

    private String padded(String head, String text, String how, int to) {
        String all = head + text;
        Budget.scan(all.length());
        int missing = to - all.codePointCount(0, all.length());
        if (missing <= 0) {
            return all;
        }
        Budget.room(to);
        Budget.scan(to);
        int before = how.equals(">") ? missing : how.equals("^") ? missing / 2 : 0;
        return fill.repeat(before) + all + fill.repeat(missing - before);
    }
}
