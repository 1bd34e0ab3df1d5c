package dev.weft.chat.jinja;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.value.Bool;
import dev.weft.chat.jinja.value.DictValue;
import dev.weft.chat.jinja.value.Int;
import dev.weft.chat.jinja.value.ListValue;
import dev.weft.chat.jinja.value.None;
import dev.weft.chat.jinja.value.Real;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns the values of a JSON parser into Python values. */
public final class ParsedJson {
    private ParsedJson() {}

    /** Takes null, strings, booleans, numbers, lists, and maps whose keys are such values. */
    public static Value of(@Nullable Object json) {
        return switch (json) {
            case null -> None.NONE;
            case Value value -> value;
            case CharSequence text -> new Str(text.toString());
            case Boolean bool -> Bool.of(bool);
            case Number number -> number(number);
            case Map<?, ?> map -> dict(map);
            case Iterable<?> items -> list(items);
            default ->
                    throw new IllegalArgumentException(
                            "a template can't take a " + json.getClass().getName());
        };
    }

    private static Value number(Number number) {
        return switch (number) {
            case Integer _, Long _, Short _, Byte _ -> Int.of(number.longValue());
            case BigInteger integer -> new Int(integer);
            case Double _, Float _ -> new Real(number.doubleValue());
            case BigDecimal decimal -> new Real(decimal.doubleValue());
            default ->
                    throw new IllegalArgumentException(
                            "a template can't take a " + number.getClass().getName());
        };
    }

    private static Value dict(Map<?, ?> map) {
        Budget.enter();
        try {
            DictValue.Builder dict = DictValue.builder();
            map.forEach((key, value) -> dict.put(of(key), of(value)));
            return dict.build();
        } finally {
            Budget.leave();
        }
    }

    private static Value list(Iterable<?> items) {
        Budget.enter();
        try {
            List<Value> list = new ArrayList<>();
            items.forEach(item -> list.add(of(item)));
            return new ListValue(list);
        } finally {
            Budget.leave();
        }
    }
}
