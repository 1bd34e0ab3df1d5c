package dev.weft.chat.jinja.rendering;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.builtin.filter.Filters;
import dev.weft.chat.jinja.builtin.filter.Tests;
import dev.weft.chat.jinja.builtin.global.Globals;
import dev.weft.chat.jinja.builtin.method.Attributes;
import dev.weft.chat.jinja.characters.Out;
import dev.weft.chat.jinja.operation.Arithmetic;
import dev.weft.chat.jinja.operation.ComparisonOperators;
import dev.weft.chat.jinja.operation.Sequences;
import dev.weft.chat.jinja.syntax.Expr;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.Bool;
import dev.weft.chat.jinja.value.DictValue;
import dev.weft.chat.jinja.value.ListValue;
import dev.weft.chat.jinja.value.None;
import dev.weft.chat.jinja.value.PyObject;
import dev.weft.chat.jinja.value.PythonText;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.Truth;
import dev.weft.chat.jinja.value.TupleValue;
import dev.weft.chat.jinja.value.Undefined;
import dev.weft.chat.jinja.value.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Evaluates expressions in a scope. */
final class ExpressionEvaluator {
    /** A keyword goes through several maps on its way to a parameter. */
    private static final int STEPS_OF_A_KEYWORD = 5;

    private static final int BYTES_OF_A_KEYWORD = 200;

    private ExpressionEvaluator() {}

    static boolean test(Expr expr, Scope scope) {
        return Truth.of(evaluate(expr, scope));
    }

    static Value evaluate(Expr expr, Scope scope) {
        Budget budget = Budget.down();
        try {
            return value(expr, scope);
        } finally {
            Budget.up(budget);
        }
    }

    private static Value value(Expr expr, Scope scope) {
        return switch (expr) {
            case Expr.Const(Value value) -> value;
            case Expr.Name(String name, _) -> scope.get(name);
            case Expr.TupleOf(var items) -> new TupleValue(all(items, scope));
            case Expr.ListOf(var items) -> new ListValue(all(items, scope));
            case Expr.DictOf(var pairs) -> dict(pairs, scope);
            case Expr.Conditional conditional -> conditional(conditional, scope);
            case Expr.Unary(var operator, var operand) -> unary(operator, operand, scope);
            case Expr.Binary binary -> binary(binary, scope);
            case Expr.Concat(var parts) -> concat(parts, scope);
            case Expr.Compare compare -> Bool.of(compare(compare, scope));
            case Expr.Attribute(var of, String name) ->
                    Attributes.attribute(evaluate(of, scope), name);
            case Expr.Item(var of, var key) ->
                    Attributes.item(evaluate(of, scope), evaluate(key, scope));
            case Expr.Slice slice -> slice(slice, scope);
            case Expr.Call call -> call(call, scope, Map.of());
            case Expr.Filtered filtered -> filtered(filtered, scope, null);
            case Expr.Tested(var value, String test, var arguments, _) ->
                    Bool.of(
                            Tests.test(
                                    test,
                                    evaluate(value, scope),
                                    arguments(arguments, scope, Map.of())));
        };
    }

    private static List<Value> all(List<Expr> items, Scope scope) {
        List<Value> values = new ArrayList<>(items.size());
        items.forEach(item -> values.add(evaluate(item, scope)));
        return values;
    }

    private static Value dict(List<Expr.Pair> pairs, Scope scope) {
        DictValue.Builder dict = DictValue.builder();
        for (Expr.Pair pair : pairs) {
            Value key = evaluate(pair.key(), scope);
            dict.put(key, evaluate(pair.value(), scope));
        }
        return dict.build();
    }

    private static Value conditional(Expr.Conditional conditional, Scope scope) {
        if (test(conditional.test(), scope)) {
            return evaluate(conditional.then(), scope);
        }
        Expr otherwise = conditional.otherwise();
        return otherwise == null
                ? Undefined.because(
                        "the inline if-expression evaluated to false and no else section was"
                                + " defined.")
                : evaluate(otherwise, scope);
    }

    private static Value unary(Expr.UnaryOperator operator, Expr operand, Scope scope) {
        Value value = evaluate(operand, scope);
        return switch (operator) {
            case NOT -> Bool.of(!Truth.of(value));
            case MINUS -> Arithmetic.negate(value);
            case PLUS -> Arithmetic.plus(value);
        };
    }

    private static Value binary(Expr.Binary binary, Scope scope) {
        Value left = evaluate(binary.left(), scope);
        return switch (binary.operator()) {
            case OR -> Truth.of(left) ? left : evaluate(binary.right(), scope);
            case AND -> Truth.of(left) ? evaluate(binary.right(), scope) : left;
            case ADD -> Arithmetic.add(left, evaluate(binary.right(), scope));
            case SUBTRACT -> Arithmetic.subtract(left, evaluate(binary.right(), scope));
            case MULTIPLY -> Arithmetic.multiply(left, evaluate(binary.right(), scope));
            case DIVIDE -> Arithmetic.divide(left, evaluate(binary.right(), scope));
            case FLOOR_DIVIDE -> Arithmetic.floorDivide(left, evaluate(binary.right(), scope));
            case MODULO -> Arithmetic.modulo(left, evaluate(binary.right(), scope));
            case POWER -> Arithmetic.power(left, evaluate(binary.right(), scope));
        };
    }

    private static Value concat(List<Expr> parts, Scope scope) {
        Out out = new Out();
        all(parts, scope).forEach(part -> out.append(PythonText.str(part)));
        return new Str(out.toString());
    }

    private static boolean compare(Expr.Compare compare, Scope scope) {
        Value left = evaluate(compare.first(), scope);
        for (Expr.Operand operand : compare.rest()) {
            Value right = evaluate(operand.expr(), scope);
            boolean holds =
                    switch (operand.relation()) {
                        case EQUAL -> ComparisonOperators.equal(left, right);
                        case NOT_EQUAL -> !ComparisonOperators.equal(left, right);
                        case LESS -> ComparisonOperators.less(left, right);
                        case LESS_OR_EQUAL -> ComparisonOperators.lessOrEqual(left, right);
                        case GREATER -> ComparisonOperators.greater(left, right);
                        case GREATER_OR_EQUAL -> ComparisonOperators.greaterOrEqual(left, right);
                        case IN -> ComparisonOperators.contains(right, left);
                        case NOT_IN -> !ComparisonOperators.contains(right, left);
                    };
            if (!holds) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private static Value slice(Expr.Slice slice, Scope scope) {
        Value of = evaluate(slice.of(), scope);
        return Sequences.slice(
                of,
                optional(slice.start(), scope),
                optional(slice.stop(), scope),
                optional(slice.step(), scope));
    }

    private static @Nullable Value optional(@Nullable Expr expr, Scope scope) {
        return expr == null ? null : evaluate(expr, scope);
    }

    /** Calls a function, with more keywords than those written. */
    static Value call(Expr.Call call, Scope scope, Map<String, Value> more) {
        Value function = evaluate(call.function(), scope);
        Args args = arguments(call.arguments(), scope, more);
        if (function instanceof PyObject object && object.callable()) {
            return object.call(args);
        }
        if (call.function() instanceof Expr.Name(String name, _)
                && Globals.REFUSED.contains(name)) {
            throw PyError.runtime("the function '" + name + "' is not supported");
        }
        throw function instanceof Undefined undefined
                ? undefined.error()
                : PyError.type("'" + function.typeName() + "' object is not callable");
    }

    /** Applies a filter; {@code block} is the text of a filter block, at the head of its chain. */
    static Value filtered(Expr.Filtered filtered, Scope scope, @Nullable Value block) {
        Value input;
        if (filtered.input() instanceof Expr.Filtered inner && block != null) {
            input = filtered(inner, scope, block);
        } else if (filtered.input() != null) {
            input = evaluate(filtered.input(), scope);
        } else {
            input = block == null ? None.NONE : block;
        }
        return Filters.apply(
                filtered.filter(), input, arguments(filtered.arguments(), scope, Map.of()));
    }

    private static Args arguments(Expr.Arguments arguments, Scope scope, Map<String, Value> more) {
        List<Value> positional = all(arguments.positional(), scope);
        Map<String, Value> keywords = new LinkedHashMap<>();
        for (Expr.Keyword keyword : arguments.keywords()) {
            keywords.put(keyword.name(), evaluate(keyword.value(), scope));
        }
        if (arguments.list() != null) {
            positional.addAll(Sequences.list(evaluate(arguments.list(), scope)));
        }
        if (arguments.dict() != null) {
            spread(evaluate(arguments.dict(), scope), keywords);
        }
        more.forEach((name, value) -> spread(name, value, keywords));
        return new Args(positional, keywords);
    }

    private static void spread(Value mapping, Map<String, Value> keywords) {
        if (!(mapping instanceof DictValue dict)) {
            throw PyError.type("argument after ** must be a mapping, not " + mapping.typeName());
        }
        for (DictValue.Entry entry : dict.entries()) {
            Budget.steps(STEPS_OF_A_KEYWORD);
            Budget.bytes(BYTES_OF_A_KEYWORD);
            if (!(entry.key() instanceof Str key)) {
                throw PyError.type("keywords must be strings");
            }
            spread(key.text(), entry.value(), keywords);
        }
    }

    private static void spread(String name, Value value, Map<String, Value> keywords) {
        if (keywords.put(name, value) != null) {
            throw PyError.type("got multiple values for keyword argument '" + name + "'");
        }
    }
}
