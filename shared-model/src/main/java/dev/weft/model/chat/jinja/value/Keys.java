package dev.weft.model.chat.jinja.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** What stands for a value as a key of a dict: equal where Python's hash and equality are. */
public final class Keys {
    private record TupleKey(List<Object> items) {}

    private record RangeKey(int length, long first, long step) {}

    private Keys() {}

    /** A value that can't be hashed is a TypeError. */
    public static Object of(Value value) {
        Budget.steps(1);
        return switch (value) {
            case Str str -> str.text();
            case Int(var number) -> number;
            case Bool bool -> bool == Bool.TRUE ? BigInteger.ONE : BigInteger.ZERO;
            case Real(double number) -> number(number);
            case None none -> none;
            case Undefined _ -> Undefined.class;
            case TupleValue tuple -> tuple(tuple);
            case RangeValue range -> range(range);
            case PyObject object -> object;
            case ListValue _, DictValue _ ->
                    throw PyError.type("unhashable type: '" + value.typeName() + "'");
        };
    }

    private static Object number(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number) || number != Math.rint(number)) {
            return number;
        }
        return new BigDecimal(number).toBigInteger();
    }

    private static Object tuple(TupleValue tuple) {
        Budget.enter();
        try {
            List<Object> keys = new ArrayList<>();
            tuple.items().forEach(item -> keys.add(of(item)));
            return new TupleKey(keys);
        } finally {
            Budget.leave();
        }
    }

    private static Object range(RangeValue range) {
        return new RangeKey(
                range.length(),
                range.length() == 0 ? 0 : range.start(),
                range.length() < 2 ? 0 : range.step());
    }
}
