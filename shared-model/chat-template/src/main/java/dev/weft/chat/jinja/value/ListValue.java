package dev.weft.chat.jinja.value;

import dev.weft.chat.jinja.budget.Budget;
import java.util.List;

/** A list. Templates can't change one, since the sandbox refuses the methods for that. */
public record ListValue(List<Value> items) implements Value {
    public ListValue {
        Budget.steps(items.size());
        Budget.bytes(64 + 16L * items.size());
        items = List.copyOf(items);
    }

    @Override
    public String typeName() {
        return "list";
    }
}
