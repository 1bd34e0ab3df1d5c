package dev.weft.chat.jinja.value;

import dev.weft.chat.jinja.budget.Budget;
import java.util.List;

/**
 * A tuple.
 *
 * @param names attributes of the items if it is a named tuple, else empty
 */
public record TupleValue(List<Value> items, List<String> names) implements Value {
    public TupleValue {
        Budget.steps(items.size());
        Budget.bytes(64 + 16L * items.size());
        items = List.copyOf(items);
        names = List.copyOf(names);
    }

    public TupleValue(List<Value> items) {
        this(items, List.of());
    }

    public static TupleValue of(Value... items) {
        return new TupleValue(List.of(items));
    }

    @Override
    public String typeName() {
        return "tuple";
    }
}
