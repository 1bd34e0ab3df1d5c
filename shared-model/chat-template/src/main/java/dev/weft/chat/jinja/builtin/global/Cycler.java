package dev.weft.chat.jinja.builtin.global;

import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.builtin.method.Function;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.None;
import dev.weft.chat.jinja.value.PyObject;
import dev.weft.chat.jinja.value.TupleValue;
import dev.weft.chat.jinja.value.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** jinja2's cycler: gives its items in turn. */
final class Cycler implements PyObject {
    private final List<Value> items;
    private int position;

    Cycler(Args args) {
        if (!args.keywords().isEmpty() || args.positional().isEmpty()) {
            throw PyError.runtime("at least one item has to be provided");
        }
        items = args.positional();
    }

    @Override
    public @Nullable Value attribute(String name) {
        return switch (name) {
            case "current" -> items.get(position);
            case "next" -> new Function(name, _ -> next());
            case "reset" -> new Function(name, _ -> reset());
            case "items" -> new TupleValue(items);
            default -> null;
        };
    }

    private Value next() {
        Value current = items.get(position);
        position = (position + 1) % items.size();
        return current;
    }

    private Value reset() {
        position = 0;
        return None.NONE;
    }

    @Override
    public String typeName() {
        return "Cycler";
    }
}
