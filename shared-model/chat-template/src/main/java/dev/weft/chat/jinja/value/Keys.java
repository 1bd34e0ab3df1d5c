package dev.weft.chat.jinja.value;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Makes keys of values. */
public final class Keys {
    /** Steps for a float that is a whole number: its key is the integer's. */
    private static final int REAL_STEPS = 16;

    private Keys() {}

    /**
     * The key with which to ask a set or a map; it charges the budget for the look-up as well. A
     * value that can't be hashed is a TypeError.
     */
    public static Object of(Value value) {
        return key(value);
    }

    static HashKey key(Value value) {
        return switch (value) {
            case Str str -> text(str.text());
            case Int(var number) -> {
                Budget.scan(number.bitLength() / Byte.SIZE);
                yield HashKey.integer(number);
            }
            case Bool bool -> key(Int.of(bool == Bool.TRUE ? 1 : 0));
            case Real(double number) -> number(number);
            case None none -> HashKey.object(HashKey.Kind.NONE, none);
            case Undefined _ -> HashKey.object(HashKey.Kind.UNDEFINED, Undefined.class);
            case TupleValue tuple -> tuple(tuple);
            case RangeValue range -> range(range);
            case PyObject object -> HashKey.object(HashKey.Kind.OBJECT, object);
            case ListValue _, DictValue _ ->
                    throw PyError.type("unhashable type: '" + value.typeName() + "'");
        };
    }

    static HashKey text(String text) {
        Budget.scan(text.length());
        return HashKey.text(text);
    }

    private static HashKey number(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number) || number != Math.rint(number)) {
            Budget.steps(1);
            return HashKey.real(number);
        }
        Budget.steps(REAL_STEPS);
        return HashKey.integer(new BigDecimal(number).toBigInteger());
    }

    private static HashKey tuple(TupleValue tuple) {
        Budget.enter();
        try {
            Budget.steps(1);
            Budget.bytes(48L + 32L * tuple.items().size());
            List<HashKey> keys = new ArrayList<>();
            tuple.items().forEach(item -> keys.add(key(item)));
            return HashKey.tuple(List.copyOf(keys));
        } finally {
            Budget.leave();
        }
    }

    private static HashKey range(RangeValue range) {
        Budget.steps(1);
        return HashKey.range(
                List.of(
                        (long) range.length(),
                        range.length() == 0 ? 0 : range.start(),
                        range.length() < 2 ? 0 : range.step()));
    }
}
