package dev.weft.chat.jinja.parser;

import dev.weft.chat.jinja.builtin.filter.Filters;
import dev.weft.chat.jinja.builtin.filter.Tests;
import dev.weft.chat.jinja.builtin.method.Attributes;
import dev.weft.chat.jinja.syntax.Expr;
import dev.weft.chat.jinja.syntax.TemplatePosition;
import dev.weft.chat.jinja.value.DictValue;
import dev.weft.chat.jinja.value.ListValue;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.TupleValue;
import dev.weft.chat.jinja.value.Undefined;
import dev.weft.chat.jinja.value.Value;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Refuses unknown filters, tests and methods while the template is read. */
final class KnownNames {
    private static final Set<String> BYTES = Set.of("encode", "translate", "maketrans");

    private KnownNames() {}

    static void checkFilter(Expr.Filtered filtered, TemplatePosition position) {
        checkFilter(filtered.filter(), position);
        List<Expr> arguments = filtered.arguments().positional();
        switch (filtered.filter()) {
            case "map" -> literal(arguments, 0, name -> checkFilter(name, position));
            case "select", "reject" -> literal(arguments, 0, name -> checkTest(name, position));
            case "selectattr", "rejectattr" ->
                    literal(arguments, 1, name -> checkTest(name, position));
            default -> {}
        }
    }

    private static void literal(
            List<Expr> arguments, int index, java.util.function.Consumer<String> check) {
        if (arguments.size() > index && arguments.get(index) instanceof Expr.Const(Str name)) {
            check.accept(name.text());
        }
    }

    private static void checkFilter(String name, TemplatePosition position) {
        if (Filters.REFUSED.contains(name)) {
            throw position.fault("the filter '" + name + "' is not supported");
        }
        if (!Filters.has(name)) {
            throw position.fault("No filter named '" + name + "'");
        }
    }

    static void checkTest(String name, TemplatePosition position) {
        if (!Tests.has(name)) {
            throw position.fault("No test named '" + name + "'");
        }
    }

    static void checkMethod(Expr.Call call) {
        if (!(call.function() instanceof Expr.Attribute(Expr of, String name))) {
            return;
        }
        if (BYTES.contains(name)) {
            throw call.position().fault("the method '" + name + "' is not supported");
        }
        Value literal = literal(of);
        if (literal != null && Attributes.attribute(literal, name) instanceof Undefined missing) {
            throw call.position().fault(missing.message());
        }
    }

    /** A value of the literal's type; dicts with keys may hold the name that they are asked for. */
    private static @Nullable Value literal(Expr expr) {
        return switch (expr) {
            case Expr.Const(Value value) -> value;
            case Expr.ListOf _ -> new ListValue(List.of());
            case Expr.TupleOf _ -> new TupleValue(List.of());
            case Expr.DictOf(var pairs) -> pairs.isEmpty() ? DictValue.builder().build() : null;
            case Expr.Attribute _,
                    Expr.Binary _,
                    Expr.Call _,
                    Expr.Compare _,
                    Expr.Concat _,
                    Expr.Conditional _,
                    Expr.Filtered _,
                    Expr.Item _,
                    Expr.Name _,
                    Expr.Slice _,
                    Expr.Tested _,
                    Expr.Unary _ ->
                    null;
        };
    }
}
