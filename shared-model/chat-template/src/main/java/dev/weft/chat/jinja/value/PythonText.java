package dev.weft.chat.jinja.value;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.characters.Chars;
import dev.weft.chat.jinja.characters.Out;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;

/** Python's str() and repr(). */
public final class PythonText {
    private static final int MAX_DIGITS = 4300;
    private static final int MAX_BITS = 14_300;
    private static final int REAL_STEPS = 20;

    private PythonText() {}

    /** {@code str(value)}. */
    public static String str(Value value) {
        return switch (value) {
            case Str str -> str.text();
            case Undefined _ -> "";
            case None _, Bool _, Int _, Real _, ListValue _, TupleValue _, DictValue _ ->
                    repr(value);
            case RangeValue _, PyObject _ -> repr(value);
        };
    }

    /** A string unchanged, everything else through {@code str()}. */
    public static Str soft(Value value) {
        return value instanceof Str str ? str : new Str(str(value));
    }

    /** markupsafe's escape: markup unchanged, everything else through str() and escaped. */
    public static Str escape(Value value) {
        return soft(value).escaped();
    }

    /** {@code repr(value)}. */
    public static String repr(Value value) {
        Out out = new Out();
        write(value, out);
        return out.toString();
    }

    /** {@code ascii(value)}: repr with everything but ASCII escaped. */
    public static String ascii(Value value) {
        Out out = new Out();
        repr(value)
                .codePoints()
                .forEach(c -> {
                    if (c < 0x80) {
                        out.append((char) c);
                    } else {
                        escape(c, out);
                    }
                });
        return out.toString();
    }

    private static void write(Value value, Out out) {
        Budget.steps(1);
        switch (value) {
            case None _ -> out.append("None");
            case Bool bool -> out.append(bool == Bool.TRUE ? "True" : "False");
            case Int(BigInteger number) -> out.append(integer(number));
            case Real(double number) -> out.append(real(number));
            case Str str -> writeString(str, out);
            case Undefined _ -> out.append("Undefined");
            case ListValue(var items) -> writeItems("[", items, "]", out);
            case TupleValue tuple ->
                    writeItems("(", tuple.items(), tuple.items().size() == 1 ? ",)" : ")", out);
            case DictValue dict -> writeDict(dict, out);
            case RangeValue range -> out.append(range(range));
            case PyObject object -> out.append(object.repr());
        }
    }

    /** {@code str(int)}, with Python's limit on its digits. */
    public static String integer(BigInteger number) {
        if (number.bitLength() > MAX_BITS) {
            throw PyError.value(
                    "Exceeds the limit (" + MAX_DIGITS + " digits) for integer string conversion");
        }
        Budget.product(number.bitLength(), number.bitLength());
        return number.toString();
    }

    /** {@code repr(float)}: the shortest digits that read back as the same number. */
    public static String real(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        Budget.steps(REAL_STEPS);
        String sign = Double.doubleToRawLongBits(number) < 0 ? "-" : "";
        if (number == 0) {
            return sign + "0.0";
        }
        BigDecimal shortest = shortest(Math.abs(number));
        String digits = shortest.unscaledValue().toString();
        int exponent = digits.length() - shortest.scale() - 1;
        if (exponent < -4 || exponent >= 16) {
            String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
            return sign + digits.charAt(0) + fraction + exponent(exponent);
        }
        String plain = shortest.toPlainString();
        return sign + plain + (plain.indexOf('.') < 0 ? ".0" : "");
    }

    /** Java writes at least two digits; Python writes one if that is enough. */
    private static BigDecimal shortest(double number) {
        BigDecimal digits = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        if (digits.precision() == 2) {
            BigDecimal one = digits.round(new MathContext(1, RoundingMode.HALF_EVEN));
            return one.doubleValue() == number ? one.stripTrailingZeros() : digits;
        }
        return digits;
    }

    /** The exponent with a sign and at least two digits, e.g. {@code e+20}. */
    public static String exponent(int exponent) {
        String digits = Integer.toString(Math.abs(exponent));
        return "e" + (exponent < 0 ? "-" : "+") + (digits.length() < 2 ? "0" : "") + digits;
    }

    private static String range(RangeValue range) {
        String ends = "range(" + range.start() + ", " + range.stop();
        return ends + (range.step() == 1 ? ")" : ", " + range.step() + ")");
    }

    private static void writeItems(String open, List<Value> items, String close, Out out) {
        Budget.enter();
        try {
            out.append(open);
            String separator = "";
            for (Value item : items) {
                out.append(separator);
                write(item, out);
                separator = ", ";
            }
            out.append(close);
        } finally {
            Budget.leave();
        }
    }

    private static void writeDict(DictValue dict, Out out) {
        Budget.enter();
        try {
            out.append("{");
            String separator = "";
            for (DictValue.Entry entry : dict.entries()) {
                out.append(separator);
                write(entry.key(), out);
                out.append(": ");
                write(entry.value(), out);
                separator = ", ";
            }
            out.append("}");
        } finally {
            Budget.leave();
        }
    }

    private static void writeString(Str str, Out out) {
        if (str.markup()) {
            out.append("Markup(");
            writeString(new Str(str.text()), out);
            out.append(")");
            return;
        }
        String text = str.text();
        Budget.scan(3L * text.length());
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        text.codePoints().forEach(c -> quoted(c, quote, out));
        out.append(quote);
    }

    private static void quoted(int c, char quote, Out out) {
        if (c == quote || c == '\\') {
            out.append('\\').append((char) c);
        } else if (c == '\n') {
            out.append("\\n");
        } else if (c == '\r') {
            out.append("\\r");
        } else if (c == '\t') {
            out.append("\\t");
        } else if (Chars.isPrintable(c)) {
            out.appendCodePoint(c);
        } else {
            escape(c, out);
        }
    }

    /** Writes a code point as Python escapes it. */
    private static void escape(int c, Out out) {
        if (c < 0x100) {
            out.hex("\\x", c, 2);
        } else if (c < 0x10000) {
            out.hex("\\u", c, 4);
        } else {
            out.hex("\\U", c, 8);
        }
    }
}
