package dev.weft.chat.jinja.builtin.filter;

import static java.util.Map.entry;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.builtin.method.AttributePath;
import dev.weft.chat.jinja.builtin.method.StringCase;
import dev.weft.chat.jinja.operation.ComparisonOperators;
import dev.weft.chat.jinja.operation.Lazy;
import dev.weft.chat.jinja.operation.Sequences;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.BoundArguments;
import dev.weft.chat.jinja.value.DictValue;
import dev.weft.chat.jinja.value.Keys;
import dev.weft.chat.jinja.value.ListValue;
import dev.weft.chat.jinja.value.None;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.TupleValue;
import dev.weft.chat.jinja.value.Undefined;
import dev.weft.chat.jinja.value.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Filters that order, group and compare items. */
final class OrderFilters {
    private static final List<String> GROUP = List.of("grouper", "list");

    static final Map<String, Filter> FILTERS =
            Map.ofEntries(
                    entry("sort", OrderFilters::sort),
                    entry("dictsort", OrderFilters::dictSort),
                    entry("unique", OrderFilters::unique),
                    entry("groupby", OrderFilters::groupBy),
                    entry("min", (input, args) -> extreme("min", input, args)),
                    entry("max", (input, args) -> extreme("max", input, args)));

    /** An item and its sort key. */
    private record Keyed(Value item, Value key) {}

    private OrderFilters() {}

    private static Value foldCase(Value value) {
        if (!(value instanceof Str str)) {
            return value;
        }
        Budget.scan(2L * str.text().length());
        return new Str(StringCase.lower(str.text()));
    }

    private static UnaryOperator<Value> key(Value attribute, boolean caseSensitive) {
        AttributePath path = AttributePath.of(attribute);
        return item -> caseSensitive ? path.get(item) : foldCase(path.get(item));
    }

    private static Value sort(Value input, Args args) {
        BoundArguments bound = args.bind("sort", 0, "reverse", "case_sensitive", "attribute");
        List<UnaryOperator<Value>> keys = new ArrayList<>();
        if (bound.has(2) && bound.get(2) instanceof Str paths) {
            Budget.scan(2L * paths.text().length());
            for (String path : paths.text().split(",", -1)) {
                keys.add(key(new Str(path), bound.truth(1, false)));
            }
        } else {
            keys.add(key(bound.get(2, None.NONE), bound.truth(1, false)));
        }
        List<Keyed> keyed = new ArrayList<>();
        for (Value item : Sequences.list(input)) {
            List<Value> parts = new ArrayList<>();
            keys.forEach(key -> parts.add(key.apply(item)));
            keyed.add(new Keyed(item, new ListValue(parts)));
        }
        return new ListValue(sorted(keyed, bound.truth(0, false)));
    }

    private static List<Value> sorted(List<Keyed> keyed, boolean reverse) {
        List<Keyed> order = reverse ? keyed.reversed() : keyed;
        List<Keyed> sorted =
                Sorting.sorted(order, (a, b) -> ComparisonOperators.less(a.key, b.key));
        List<Value> items = new ArrayList<>();
        (reverse ? sorted.reversed() : sorted).forEach(one -> items.add(one.item));
        return items;
    }

    private static Value dictSort(Value input, Args args) {
        BoundArguments bound = args.bind("dictsort", 0, "case_sensitive", "by", "reverse");
        String by = bound.has(1) ? bound.str(1).text() : "key";
        if (!by.equals("key") && !by.equals("value")) {
            throw PyError.runtime("You can only sort by either \"key\" or \"value\"");
        }
        if (!(input instanceof DictValue dict)) {
            throw input instanceof Undefined undefined
                    ? undefined.error()
                    : PyError.type("'" + input.typeName() + "' object has no attribute 'items'");
        }
        List<Keyed> keyed = new ArrayList<>();
        for (DictValue.Entry entry : dict.entries()) {
            Budget.steps(1);
            Value key = by.equals("key") ? entry.key() : entry.value();
            keyed.add(
                    new Keyed(
                            TupleValue.of(entry.key(), entry.value()),
                            bound.truth(0, false) ? key : foldCase(key)));
        }
        return new ListValue(sorted(keyed, bound.truth(2, false)));
    }

    private static Value unique(Value input, Args args) {
        BoundArguments bound = args.bind("unique", 0, "case_sensitive", "attribute");
        UnaryOperator<Value> key = key(bound.get(1, None.NONE), bound.truth(0, false));
        return Lazy.generator(() -> {
            Budget.bytes(100);
            Set<Object> seen = new HashSet<>();
            return Lazy.filter(
                    Sequences.iterate(input), item -> seen.add(Keys.of(key.apply(item))));
        });
    }

    private static Value groupBy(Value input, Args args) {
        BoundArguments bound = args.bind("groupby", 1, "attribute", "default", "case_sensitive");
        AttributePath path = AttributePath.of(bound.get(0));
        Value otherwise = bound.get(1, None.NONE);
        boolean caseSensitive = bound.truth(2, false);
        List<Keyed> keyed = new ArrayList<>();
        for (Value item : Sequences.list(input)) {
            Value key = path.get(item, otherwise);
            keyed.add(new Keyed(item, caseSensitive ? key : foldCase(key)));
        }
        List<Keyed> sorted =
                Sorting.sorted(keyed, (a, b) -> ComparisonOperators.less(a.key, b.key));
        List<Value> groups = new ArrayList<>();
        int from = 0;
        while (from < sorted.size()) {
            int to = from + 1;
            while (to < sorted.size()
                    && ComparisonOperators.equal(sorted.get(from).key, sorted.get(to).key)) {
                to++;
            }
            List<Value> items = new ArrayList<>();
            sorted.subList(from, to).forEach(one -> items.add(one.item));
            Value key = path.get(items.getFirst(), otherwise);
            groups.add(new TupleValue(List.of(key, new ListValue(items)), GROUP));
            from = to;
        }
        return new ListValue(groups);
    }

    private static Value extreme(String name, Value input, Args args) {
        BoundArguments bound = args.bind(name, 0, "case_sensitive", "attribute");
        UnaryOperator<Value> key = key(bound.get(1, None.NONE), bound.truth(0, false));
        boolean least = name.equals("min");
        Keyed best = null;
        for (Value item : Sequences.list(input)) {
            Keyed next = new Keyed(item, key.apply(item));
            if (best == null
                    || (least
                            ? ComparisonOperators.less(next.key, best.key)
                            : ComparisonOperators.greater(next.key, best.key))) {
                best = next;
            }
        }
        return best == null
                ? Undefined.because("No aggregated item, sequence was empty.")
                : best.item;
    }
}
