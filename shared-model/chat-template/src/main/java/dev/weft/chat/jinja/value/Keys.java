package dev.weft.chat.jinja.value;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Makes keys of values. */
public final class Keys {
    /** Steps that a fraction takes that may be a whole number. */
    private static final int REAL_STEPS = 16;

    private Keys() {}

    /**
     * What to ask a set or a map for; pays for finding it there as well. A value that can't be
     * hashed is a TypeError.
     */
    public static Object of(Value value) {
        return key(value);
    }

    static Key key(Value value) {
        return switch (value) {
            case Str str -> text(str.text());
            case Int(var number) -> {
                Budget.scan(number.bitLength() / Byte.SIZE);
                yield Key.integer(number);
            }
            case Bool bool -> key(Int.of(bool == Bool.TRUE ? 1 : 0));
            case Real(double number) -> number(number);
            case None none -> Key.object(Key.Kind.NONE, none);
            case Undefined _ -> Key.object(Key.Kind.UNDEFINED, Undefined.class);
            case TupleValue tuple -> tuple(tuple);
            case RangeValue range -> range(range);
            case PyObject object -> Key.object(Key.Kind.OBJECT, object);
            case ListValue _, DictValue _ ->
                    throw PyError.type("unhashable type: '" + value.typeName() + "'");
        };
    }

    static Key text(String text) {
        Budget.scan(text.length());
        return Key.text(text);
    }

    private static Key number(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number) || number != Math.rint(number)) {
            Budget.steps(1);
            return Key.real(number);
        }
        Budget.steps(REAL_STEPS);
        return Key.integer(new BigDecimal(number).toBigInteger());
    }

    private static Key tuple(TupleValue tuple) {
        Budget.enter();
        try {
            Budget.steps(1);
            Budget.bytes(48L + 32L * tuple.items().size());
            List<Key> keys = new ArrayList<>();
            tuple.items().forEach(item -> keys.add(key(item)));
            return Key.tuple(List.copyOf(keys));
        } finally {
            Budget.leave();
        }
    }

    private static Key range(RangeValue range) {
        Budget.steps(1);
        return Key.range(
                List.of(
                        (long) range.length(),
                        range.length() == 0 ? 0 : range.start(),
                        range.length() < 2 ? 0 : range.step()));
    }
}
