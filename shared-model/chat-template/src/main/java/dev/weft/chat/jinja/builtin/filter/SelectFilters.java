package dev.weft.chat.jinja.builtin.filter;

import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.builtin.method.AttributePath;
import dev.weft.chat.jinja.operation.Lazy;
import dev.weft.chat.jinja.operation.Sequences;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.None;
import dev.weft.chat.jinja.value.PythonText;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.Truth;
import dev.weft.chat.jinja.value.Value;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The filters map, select, reject and their attribute forms, which are lazy like jinja2's
 * generators.
 */
final class SelectFilters {
    static final Map<String, Filter> FILTERS =
            Map.of(
                    "map", SelectFilters::map,
                    "select", (input, args) -> select(input, args, false, true),
                    "reject", (input, args) -> select(input, args, false, false),
                    "selectattr", (input, args) -> select(input, args, true, true),
                    "rejectattr", (input, args) -> select(input, args, true, false));

    private SelectFilters() {}

    private static Value map(Value input, Args args) {
        return Lazy.generator(() -> {
            if (!Truth.of(input)) {
                return Collections.emptyIterator();
            }
            UnaryOperator<Value> change = change(args);
            Iterator<Value> items = Sequences.iterate(input);
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return items.hasNext();
                }

                @Override
                public Value next() {
                    return change.apply(items.next());
                }
            };
        });
    }

    private static UnaryOperator<Value> change(Args args) {
        if (args.positional().isEmpty() && args.keywords().containsKey("attribute")) {
            Map<String, Value> keywords = new LinkedHashMap<>(args.keywords());
            Value attribute = keywords.remove("attribute");
            Value otherwise = keywords.remove("default");
            if (!keywords.isEmpty() || attribute == null) {
                throw PyError.runtime("Unexpected keyword argument " + keywords.keySet());
            }
            AttributePath path = AttributePath.of(attribute);
            return item -> path.get(item, otherwise == null ? None.NONE : otherwise);
        }
        if (args.positional().isEmpty()) {
            throw PyError.runtime("map requires a filter argument");
        }
        String filter = name(args.positional().getFirst());
        Args rest = rest(args, 1);
        return item -> Filters.apply(filter, item, rest);
    }

    private static Value select(Value input, Args args, boolean attribute, boolean keep) {
        return Lazy.generator(() -> {
            if (!Truth.of(input)) {
                return Collections.emptyIterator();
            }
            Predicate<Value> test = test(args, attribute);
            return Lazy.filter(Sequences.iterate(input), item -> test.test(item) == keep);
        });
    }

    private static Predicate<Value> test(Args args, boolean attribute) {
        List<Value> given = args.positional();
        if (attribute && given.isEmpty()) {
            throw PyError.runtime("Missing parameter for attribute name");
        }
        AttributePath path = attribute ? AttributePath.of(given.getFirst()) : AttributePath.SELF;
        int used = attribute ? 1 : 0;
        if (given.size() == used) {
            return item -> Truth.of(path.get(item));
        }
        String test = name(given.get(used));
        Args rest = rest(args, used + 1);
        return item -> Tests.test(test, path.get(item), rest);
    }

    private static String name(Value name) {
        if (name instanceof Str str) {
            return str.text();
        }
        throw PyError.runtime("No filter or test named " + PythonText.repr(name) + ".");
    }

    private static Args rest(Args args, int used) {
        return new Args(args.positional().subList(used, args.positional().size()), args.keywords());
    }
}
