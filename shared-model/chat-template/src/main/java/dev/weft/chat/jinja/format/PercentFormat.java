package dev.weft.chat.jinja.format;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.characters.Out;
import dev.weft.chat.jinja.value.DictValue;
import dev.weft.chat.jinja.value.Numbers;
import dev.weft.chat.jinja.value.PythonText;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.TupleValue;
import dev.weft.chat.jinja.value.Value;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;

/** {@code format % values}. */
public final class PercentFormat {
    private final Str format;
    private final String text;
    private final Value values;
    private final List<Value> positional;
    private final Out out = new Out();
    private int at;
    private int used;

    private PercentFormat(Str format, Value values) {
        this.format = format;
        this.text = format.text();
        this.values = values;
        this.positional = values instanceof TupleValue tuple ? tuple.items() : List.of(values);
    }

    public static Str format(Str format, Value values) {
        return new PercentFormat(format, values).run();
    }

    private Str run() {
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '%') {
                out.append(c);
            } else {
                directive();
            }
        }
        boolean mapping = !(values instanceof TupleValue) && Formatting.isMappingLike(values);
        if (used < positional.size() && !mapping) {
            throw PyError.type("not all arguments converted during string formatting");
        }
        return format.like(out.toString());
    }

    private void directive() {
        Value named = null;
        if (at < text.length() && text.charAt(at) == '(') {
            named = named();
        }
        String flags = flags();
        boolean left = flags.indexOf('-') >= 0;
        int width = number();
        if (width < 0) {
            left = true;
            width = -width;
        }
        int precision = -1;
        if (peek() == '.') {
            at++;
            precision = Math.max(number(), 0);
        }
        while (peek() == 'l' || peek() == 'h' || peek() == 'L') {
            at++;
        }
        char type = next();
        if (type == '%') {
            out.append('%');
            return;
        }
        Value value = named == null ? nextValue() : named;
        out.append(padded(convert(type, value, flags, precision), type, flags, left, width));
    }

    private Value named() {
        int close = text.indexOf(')', at);
        int depth = 1;
        for (int i = at + 1; i < text.length(); i++) {
            Budget.units(1);
            depth += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
            if (depth == 0) {
                close = i;
                break;
            }
        }
        Budget.scan((close < 0 ? text.length() : close) - (long) at);
        if (close < 0) {
            throw PyError.value("incomplete format key");
        }
        if (!(values instanceof DictValue dict)) {
            throw PyError.type("format requires a mapping");
        }
        String key = text.substring(at + 1, close);
        at = close + 1;
        Value value = dict.get(key);
        if (value == null) {
            throw PyError.lookup("'" + key + "'");
        }
        return value;
    }

    private String flags() {
        int start = at;
        while ("-+ #0".indexOf(peek()) >= 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private int number() {
        if (peek() == '*') {
            at++;
            return Numbers.index(nextValue());
        }
        long number = 0;
        while (peek() >= '0' && peek() <= '9') {
            number = Math.min(number * 10 + (next() - '0'), Integer.MAX_VALUE);
        }
        return (int) number;
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\uffff';
    }

    private char next() {
        if (at >= text.length()) {
            throw PyError.value("incomplete format");
        }
        return text.charAt(at++);
    }

    private Value nextValue() {
        if (used >= positional.size()) {
            throw PyError.type("not enough arguments for format string");
        }
        return positional.get(used++);
    }

    private String convert(char type, Value value, String flags, int precision) {
        return switch (type) {
            case 's' -> cut(format.markup() ? escaped(value) : PythonText.str(value), precision);
            case 'r' -> cut(PythonText.repr(value), precision);
            case 'a' -> cut(PythonText.ascii(value), precision);
            case 'c' -> Formatting.character(value);
            case 'd', 'i', 'u', 'x', 'X', 'o' -> integer(type, value, flags, precision);
            case 'e', 'E', 'f', 'F', 'g', 'G' -> real(type, value, flags, precision);
            default ->
                    throw PyError.value(
                            "unsupported format character '" + type + "' at index " + (at - 1));
        };
    }

    private static String escaped(Value value) {
        return value instanceof Str str ? str.escaped().text() : Str.escape(PythonText.str(value));
    }

    static String cut(String string, int precision) {
        return precision >= 0 ? cut(new Str(string), precision) : string;
    }

    private static String cut(Str string, int precision) {
        return precision < string.length() ? string.slice(0, precision) : string.text();
    }

    private static String integer(char type, Value value, String flags, int precision) {
        BigInteger number = Formatting.integer(type, value);
        int radix = type == 'o' ? 8 : Character.toLowerCase(type) == 'x' ? 16 : 10;
        String digits =
                radix == 10 ? PythonText.integer(number.abs()) : Formatting.digits(number, radix);
        if (precision > digits.length()) {
            Budget.room(precision);
            Budget.scan(precision);
            digits = "0".repeat(precision - digits.length()) + digits;
        }
        if (flags.indexOf('#') >= 0 && radix != 10) {
            digits = (radix == 8 ? "0o" : "0x") + digits;
        }
        if (type == 'X') {
            digits = digits.toUpperCase(Locale.ROOT);
        }
        return sign(number.signum() < 0, flags) + digits;
    }

    private static String real(char type, Value value, String flags, int precision) {
        double number = Formatting.real(value);
        String digits =
                NumberText.format(
                        number,
                        Character.toLowerCase(type),
                        precision < 0 ? 6 : precision,
                        flags.indexOf('#') >= 0);
        boolean negative = Double.doubleToRawLongBits(number) < 0 && !Double.isNaN(number);
        String text = sign(negative, flags) + digits;
        return Character.isUpperCase(type) ? text.toUpperCase(Locale.ROOT) : text;
    }

    private static String sign(boolean negative, String flags) {
        return negative ? "-" : flags.indexOf('+') >= 0 ? "+" : flags.indexOf(' ') >= 0 ? " " : "";
    }

    private static String padded(String text, char type, String flags, boolean left, int width) {
        if (width <= 0) {
            return text;
        }
        Budget.scan(text.length());
        int length = text.codePointCount(0, text.length());
        if (width <= length) {
            return text;
        }
        Budget.room(width);
        Budget.scan(width);
        int missing = width - length;
        if (left) {
            return text + " ".repeat(missing);
        }
        boolean numeric = "sracu".indexOf(type) < 0 || type == 'u';
        if (flags.indexOf('0') < 0 || !numeric) {
            return " ".repeat(missing) + text;
        }
        int head = Formatting.signLength(text);
        return text.substring(0, head) + "0".repeat(missing) + text.substring(head);
    }
}
