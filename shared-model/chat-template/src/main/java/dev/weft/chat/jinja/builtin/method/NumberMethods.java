package dev.weft.chat.jinja.builtin.method;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.value.Bool;
import dev.weft.chat.jinja.value.Int;
import dev.weft.chat.jinja.value.Numbers;
import dev.weft.chat.jinja.value.Real;
import dev.weft.chat.jinja.value.Value;
import java.math.BigInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Attributes and methods of numbers that a template could have a use for. */
final class NumberMethods {
    private NumberMethods() {}

    static @Nullable Value of(Value number, String name) {
        BigInteger integer = Numbers.integer(number);
        return integer == null ? real(number, Numbers.real(number), name) : integer(integer, name);
    }

    private static @Nullable Value integer(BigInteger number, String name) {
        Budget.scan(number.bitLength() / Byte.SIZE);
        Int value = new Int(number);
        return switch (name) {
            case "real", "numerator" -> value;
            case "imag" -> Int.of(0);
            case "denominator" -> Int.of(1);
            case "bit_length" -> method(name, () -> Int.of(number.abs().bitLength()));
            case "bit_count" -> method(name, () -> Int.of(number.abs().bitCount()));
            case "conjugate" -> method(name, () -> value);
            case "is_integer" -> method(name, () -> Bool.TRUE);
            default -> null;
        };
    }

    private static @Nullable Value real(Value value, double number, String name) {
        return switch (name) {
            case "real" -> value;
            case "imag" -> new Real(0);
            case "conjugate" -> method(name, () -> value);
            case "is_integer" ->
                    method(
                            name,
                            () ->
                                    Bool.of(
                                            number == Math.rint(number)
                                                    && !Double.isInfinite(number)));
            default -> null;
        };
    }

    private static Function method(String name, Supplier<Value> result) {
        return new Function(
                name,
                args -> {
                    args.bindPositional(name, 0, 0);
                    return result.get();
                });
    }
}
