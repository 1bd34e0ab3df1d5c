package dev.weft.chat.jinja.builtin.method;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.operation.ComparisonOperators;
import dev.weft.chat.jinja.operation.DictView;
import dev.weft.chat.jinja.operation.Sequences;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.BoundArguments;
import dev.weft.chat.jinja.value.DictValue;
import dev.weft.chat.jinja.value.Int;
import dev.weft.chat.jinja.value.ListValue;
import dev.weft.chat.jinja.value.None;
import dev.weft.chat.jinja.value.RangeValue;
import dev.weft.chat.jinja.value.TupleValue;
import dev.weft.chat.jinja.value.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Attributes and methods of dict, list, tuple and range that change nothing. */
final class ContainerMethods {
    private ContainerMethods() {}

    static @Nullable Value of(DictValue dict, String name) {
        return switch (name) {
            case "get" -> new Function(name, args -> get(dict, args));
            case "items" -> view(name, DictView.Kind.ITEMS, dict);
            case "keys" -> view(name, DictView.Kind.KEYS, dict);
            case "values" -> view(name, DictView.Kind.VALUES, dict);
            case "copy" ->
                    new Function(
                            name,
                            args -> {
                                args.bindPositional(name, 0, 0);
                                return dict;
                            });
            case "fromkeys" -> new Function(name, ContainerMethods::fromKeys);
            default -> null;
        };
    }

    private static Function view(String name, DictView.Kind kind, DictValue dict) {
        return new Function(
                name,
                args -> {
                    args.bindPositional(name, 0, 0);
                    return new DictView(kind, dict);
                });
    }

    private static Value get(DictValue dict, Args args) {
        BoundArguments bound = args.bindPositional("get", 1, 2);
        Value value = dict.get(bound.get(0));
        return value == null ? bound.get(1, None.NONE) : value;
    }

    private static Value fromKeys(Args args) {
        BoundArguments bound = args.bindPositional("fromkeys", 1, 2);
        DictValue.Builder dict = DictValue.builder();
        Sequences.iterate(bound.get(0))
                .forEachRemaining(key -> dict.put(key, bound.get(1, None.NONE)));
        return dict.build();
    }

    static @Nullable Value ofList(List<Value> items, String name) {
        if (name.equals("copy")) {
            return new Function(
                    name,
                    args -> {
                        args.bindPositional(name, 0, 0);
                        return new ListValue(items);
                    });
        }
        return sequence("list", items, name);
    }

    static @Nullable Value of(TupleValue tuple, String name) {
        int named = tuple.names().indexOf(name);
        return named >= 0 ? tuple.items().get(named) : sequence("tuple", tuple.items(), name);
    }

    static @Nullable Value of(RangeValue range, String name) {
        return switch (name) {
            case "start" -> Int.of(range.start());
            case "stop" -> Int.of(range.stop());
            case "step" -> Int.of(range.step());
            case "count", "index" -> sequence("range", Sequences.list(range), name);
            default -> null;
        };
    }

    private static @Nullable Value sequence(String type, List<Value> items, String name) {
        return switch (name) {
            case "count" ->
                    new Function(
                            name,
                            args -> {
                                Value wanted = args.bindPositional(name, 1, 1).get(0);
                                return Int.of(
                                        items.stream()
                                                .filter(item -> matches(item, wanted))
                                                .count());
                            });
            case "index" -> new Function(name, args -> index(type, items, args));
            default -> null;
        };
    }

    private static Value index(String type, List<Value> items, Args args) {
        BoundArguments bound = args.bindPositional("index", 1, 3);
        int start = absolute(bound.integer(1, 0), items.size());
        int stop = absolute(bound.integer(2, items.size()), items.size());
        for (int i = start; i < Math.min(stop, items.size()); i++) {
            if (matches(items.get(i), bound.get(0))) {
                return Int.of(i);
            }
        }
        throw PyError.value(type + ".index(x): x not in " + type);
    }

    private static int absolute(int index, int length) {
        return index < 0 ? Math.max(index + length, 0) : index;
    }

    private static boolean matches(Value item, Value wanted) {
        Budget.steps(1);
        return ComparisonOperators.same(item, wanted) || ComparisonOperators.equal(item, wanted);
    }
}
