package dev.weft.chat.jinja.builtin.filter;

import static java.util.Map.entry;

import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.builtin.method.StringClasses;
import dev.weft.chat.jinja.operation.Arithmetic;
import dev.weft.chat.jinja.operation.ComparisonOperators;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.Bool;
import dev.weft.chat.jinja.value.BoundArguments;
import dev.weft.chat.jinja.value.DictValue;
import dev.weft.chat.jinja.value.Int;
import dev.weft.chat.jinja.value.ListValue;
import dev.weft.chat.jinja.value.None;
import dev.weft.chat.jinja.value.Numbers;
import dev.weft.chat.jinja.value.PyObject;
import dev.weft.chat.jinja.value.PythonText;
import dev.weft.chat.jinja.value.RangeValue;
import dev.weft.chat.jinja.value.Real;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.TupleValue;
import dev.weft.chat.jinja.value.Undefined;
import dev.weft.chat.jinja.value.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** All tests ({@code x is defined}) by name. */
public final class Tests {
    private interface Test {
        boolean test(Value value, Args args);
    }

    private Tests() {}

    public static boolean has(String name) {
        return ALL.containsKey(name);
    }

    public static boolean test(String name, Value value, Args args) {
        Test test = ALL.get(name);
        if (test == null) {
            throw PyError.runtime("No test named '" + name + "'.");
        }
        return test.test(value, args);
    }

    private static Map<String, Test> all() {
        Map<String, Test> all = new HashMap<>();
        KINDS.forEach((name, kind) ->
                all.put(
                        name,
                        (value, args) -> {
                            args.bindPositional(name, 0, 0);
                            return kind.test(value);
                        }));
        RELATIONS.forEach((name, relation) ->
                all.put(
                        name,
                        (value, args) ->
                                relation.test(value, args.bindPositional(name, 1, 1).get(0))));
        all.put("divisibleby", (value, args) -> modulo(value, named("num", args), 0));
        all.put("sameas", (value, args) -> same(value, named("other", args)));
        all.put("in", (value, args) -> ComparisonOperators.contains(named("seq", args), value));
        return Map.copyOf(all);
    }

    private static Value named(String parameter, Args args) {
        BoundArguments bound = args.bind("test", 1, parameter);
        return bound.get(0);
    }

    private static final Map<String, Predicate<Value>> KINDS =
            Map.ofEntries(
                    entry("defined", value -> !(value instanceof Undefined)),
                    entry("undefined", value -> value instanceof Undefined),
                    entry("none", value -> value == None.NONE),
                    entry("boolean", value -> value instanceof Bool),
                    entry("true", value -> value == Bool.TRUE),
                    entry("false", value -> value == Bool.FALSE),
                    entry("integer", value -> value instanceof Int),
                    entry("float", value -> value instanceof Real),
                    entry("number", Numbers::isNumber),
                    entry("string", value -> value instanceof Str),
                    entry("mapping", value -> value instanceof DictValue),
                    entry("sequence", Tests::isSequence),
                    entry("iterable", Tests::isIterable),
                    entry("callable", Tests::isCallable),
                    entry("escaped", value -> value instanceof Str str && str.markup()),
                    entry("lower", value -> StringClasses.isLower(PythonText.str(value))),
                    entry("upper", value -> StringClasses.isUpper(PythonText.str(value))),
                    entry("odd", value -> modulo(value, Int.of(2), 1)),
                    entry("even", value -> modulo(value, Int.of(2), 0)),
                    entry("filter", value -> value instanceof Str name && knowsFilter(name)),
                    entry("test", value -> value instanceof Str name && has(name.text())));

    private static final Map<String, BiPredicate<Value, Value>> RELATIONS =
            Map.ofEntries(
                    entry("==", ComparisonOperators::equal),
                    entry("eq", ComparisonOperators::equal),
                    entry("equalto", ComparisonOperators::equal),
                    entry("!=", (a, b) -> !ComparisonOperators.equal(a, b)),
                    entry("ne", (a, b) -> !ComparisonOperators.equal(a, b)),
                    entry(">", ComparisonOperators::greater),
                    entry("gt", ComparisonOperators::greater),
                    entry("greaterthan", ComparisonOperators::greater),
                    entry(">=", ComparisonOperators::greaterOrEqual),
                    entry("ge", ComparisonOperators::greaterOrEqual),
                    entry("<", ComparisonOperators::less),
                    entry("lt", ComparisonOperators::less),
                    entry("lessthan", ComparisonOperators::less),
                    entry("<=", ComparisonOperators::lessOrEqual),
                    entry("le", ComparisonOperators::lessOrEqual));

    private static final Map<String, Test> ALL = all();

    private static boolean knowsFilter(Str name) {
        return Filters.has(name.text()) || Filters.REFUSED.contains(name.text());
    }

    private static boolean modulo(Value value, Value divisor, int rest) {
        return ComparisonOperators.equal(Arithmetic.modulo(value, divisor), Int.of(rest));
    }

    /**
     * True for values that have a length and can be indexed; jinja2 includes dicts and undefined.
     */
    private static boolean isSequence(Value value) {
        return switch (value) {
            case Str _, ListValue _, TupleValue _, DictValue _, RangeValue _, Undefined _ -> true;
            case None _, Bool _, Int _, Real _, PyObject _ -> false;
        };
    }

    static boolean isIterable(Value value) {
        return switch (value) {
            case Str _, ListValue _, TupleValue _, DictValue _, RangeValue _, Undefined _ -> true;
            case PyObject object -> object.iterate() != null;
            case None _, Bool _, Int _, Real _ -> false;
        };
    }

    /** True for callables; undefined has a {@code __call__} that raises, so Python includes it. */
    private static boolean isCallable(Value value) {
        return value instanceof Undefined
                || (value instanceof PyObject object && object.callable());
    }

    private static boolean same(Value a, Value b) {
        if (a instanceof Int x && b instanceof Int y) {
            return ComparisonOperators.equal(x, y);
        }
        if (a instanceof Str x && b instanceof Str y) {
            return ComparisonOperators.equal(x, y);
        }
        return ComparisonOperators.same(a, b);
    }
}
