package dev.weft.chat.jinja.builtin.filter;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.builtin.method.NumberParsing;
import dev.weft.chat.jinja.format.FormatSpec;
import dev.weft.chat.jinja.operation.Arithmetic;
import dev.weft.chat.jinja.operation.FloatMath;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.BoundArguments;
import dev.weft.chat.jinja.value.Int;
import dev.weft.chat.jinja.value.Numbers;
import dev.weft.chat.jinja.value.Real;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.Truth;
import dev.weft.chat.jinja.value.Undefined;
import dev.weft.chat.jinja.value.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;

/** Filters that make and change numbers. */
final class NumberFilters {
    private static final int MAX_DIGITS = 4300;
    private static final String[] DECIMAL = {"kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"};
    private static final String[] BINARY = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"};

    static final Map<String, Filter> FILTERS =
            Map.of(
                    "int", NumberFilters::integer,
                    "float", NumberFilters::real,
                    "abs", NumberFilters::absolute,
                    "round", NumberFilters::round,
                    "filesizeformat", NumberFilters::fileSize);

    private NumberFilters() {}

    private static Value integer(Value input, Args args) {
        BoundArguments bound = args.bind("int", 0, "default", "base");
        Value otherwise = bound.get(0, Int.of(0));
        try {
            return new Int(
                    input instanceof Str str
                            ? NumberParsing.integer(str.text(), bound.integer(1, 10))
                            : truncate(input));
        } catch (PyError e) {
            rethrowUnless(e, PyError.Kind.TYPE, PyError.Kind.VALUE);
        }
        try {
            return new Int(Numbers.truncate(toReal(input)));
        } catch (PyError e) {
            rethrowUnless(e, PyError.Kind.TYPE, PyError.Kind.VALUE, PyError.Kind.OVERFLOW);
            return otherwise;
        }
    }

    private static void rethrowUnless(PyError e, PyError.Kind... caught) {
        for (PyError.Kind kind : caught) {
            if (e.kind() == kind) {
                return;
            }
        }
        throw e;
    }

    private static BigInteger truncate(Value input) {
        if (input instanceof Undefined undefined) {
            throw undefined.error();
        }
        BigInteger integer = Numbers.integer(input);
        return integer == null ? Numbers.truncate(Numbers.real(input)) : integer;
    }

    private static Value real(Value input, Args args) {
        BoundArguments bound = args.bind("float", 0, "default");
        try {
            return new Real(toReal(input));
        } catch (PyError e) {
            rethrowUnless(e, PyError.Kind.TYPE, PyError.Kind.VALUE);
            return bound.get(0, new Real(0));
        }
    }

    private static double toReal(Value input) {
        if (input instanceof Undefined undefined) {
            throw undefined.error();
        }
        return input instanceof Str str ? NumberParsing.real(str.text()) : Numbers.real(input);
    }

    private static Value absolute(Value input, Args args) {
        args.bindPositional("abs", 0, 0);
        BigInteger integer = Numbers.integer(input);
        if (integer != null) {
            Budget.scan(integer.bitLength() / Byte.SIZE);
            return new Int(integer.abs());
        }
        if (input instanceof Real(double number)) {
            return new Real(Math.abs(number));
        }
        throw input instanceof Undefined undefined
                ? undefined.error()
                : PyError.type("bad operand type for abs(): '" + input.typeName() + "'");
    }

    private static Value round(Value input, Args args) {
        BoundArguments bound = args.bind("round", 0, "precision", "method");
        Value precision = bound.get(0, Int.of(0));
        String method = bound.has(1) ? bound.str(1).text() : "common";
        return switch (method) {
            case "common" -> round(input, Numbers.index(precision));
            case "ceil", "floor" -> directed(input, precision, method.equals("ceil"));
            default -> throw PyError.runtime("method must be common, ceil or floor");
        };
    }

    private static Value round(Value input, int digits) {
        if (input instanceof Real(double number)) {
            return new Real(FloatMath.round(number, digits));
        }
        BigInteger integer = Numbers.integer(input);
        if (integer == null) {
            throw input instanceof Undefined undefined
                    ? undefined.error()
                    : PyError.type("type " + input.typeName() + " doesn't define __round__ method");
        }
        if (digits >= 0) {
            return new Int(integer);
        }
        Budget.product(MAX_DIGITS * 4L, MAX_DIGITS * 4L + integer.bitLength());
        return new Int(
                digits < -MAX_DIGITS
                        ? BigInteger.ZERO
                        : new BigDecimal(integer)
                                .setScale(digits, RoundingMode.HALF_EVEN)
                                .toBigInteger());
    }

    private static Value directed(Value input, Value precision, boolean up) {
        Value factor = Arithmetic.power(Int.of(10), precision);
        Value scaled = Arithmetic.multiply(input, factor);
        if (scaled instanceof Real(double number)) {
            double whole = up ? Math.ceil(number) : Math.floor(number);
            return Arithmetic.divide(new Int(Numbers.truncate(whole)), factor);
        }
        if (Numbers.integer(scaled) == null) {
            throw PyError.type("must be real number, not " + scaled.typeName());
        }
        return Arithmetic.divide(scaled, factor);
    }

    private static Value fileSize(Value input, Args args) {
        boolean binary = Truth.of(args.bind("filesizeformat", 0, "binary").get(0, Int.of(0)));
        double bytes = toReal(input);
        double base = binary ? 1024 : 1000;
        if (bytes == 1) {
            return new Str("1 Byte");
        }
        if (bytes < base) {
            return new Str(Numbers.truncate(bytes) + " Bytes");
        }
        String[] names = binary ? BINARY : DECIMAL;
        int i = 0;
        while (i < names.length - 1 && bytes >= Math.pow(base, i + 2.0)) {
            i++;
        }
        double unit = Math.pow(base, i + 2.0);
        return new Str(FormatSpec.format(new Real(base * bytes / unit), ".1f") + " " + names[i]);
    }
}
