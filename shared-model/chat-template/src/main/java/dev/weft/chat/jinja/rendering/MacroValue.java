package dev.weft.chat.jinja.rendering;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.characters.Out;
import dev.weft.chat.jinja.syntax.Expr;
import dev.weft.chat.jinja.syntax.Stmt;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.Bool;
import dev.weft.chat.jinja.value.DictValue;
import dev.weft.chat.jinja.value.None;
import dev.weft.chat.jinja.value.PyObject;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.TupleValue;
import dev.weft.chat.jinja.value.Undefined;
import dev.weft.chat.jinja.value.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A macro, or the caller of a call block. It returns the text of its body. */
final class MacroValue implements PyObject {
    private static final int STEPS_OF_A_PARAMETER = 3;

    /** Bytes of a macro that a template makes, with its scope's place in memory. */
    private static final int BYTES = 64;

    private final Rendering rendering;
    private final Stmt.Procedure procedure;
    private final Scope outer;
    private final @Nullable String name;

    MacroValue(Rendering rendering, Stmt.Procedure procedure, Scope outer, @Nullable String name) {
        Budget.bytes(BYTES);
        this.rendering = rendering;
        this.procedure = procedure;
        this.outer = outer;
        this.name = name;
    }

    @Override
    public boolean callable() {
        return true;
    }

    @Override
    public Value call(Args args) {
        Scope scope = rendering.enter(procedure.scope(), outer);
        Budget.steps(STEPS_OF_A_PARAMETER * (long) procedure.parameters().size());
        Map<String, Value> keywords = new LinkedHashMap<>(args.keywords());
        bindParameters(scope, args.positional(), keywords);
        bindSpecials(scope, args.positional(), keywords);
        for (Stmt.Parameter parameter : procedure.parameters()) {
            if (!scope.has(parameter.name())) {
                scope.set(parameter.name(), otherwise(parameter, scope));
            }
        }
        Out out = new Out();
        rendering.run(procedure.body(), scope, out);
        return new Str(out.toString());
    }

    private void bindParameters(Scope scope, List<Value> positional, Map<String, Value> keywords) {
        List<Stmt.Parameter> parameters = procedure.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            String parameter = parameters.get(i).name();
            Value value = i < positional.size() ? positional.get(i) : keywords.remove(parameter);
            if (value != null) {
                scope.set(parameter, value);
            }
        }
    }

    private void bindSpecials(Scope scope, List<Value> positional, Map<String, Value> keywords) {
        boolean named = procedure.parameters().stream().anyMatch(p -> p.name().equals("caller"));
        if (scope.uses("caller") && !named) {
            Value caller = keywords.remove("caller");
            scope.set(
                    "caller",
                    caller == null || caller == None.NONE
                            ? Undefined.because("No caller defined")
                            : caller);
        }
        if (scope.uses("kwargs")) {
            DictValue.Builder rest = DictValue.builder();
            keywords.forEach(rest::put);
            scope.set("kwargs", rest.build());
        } else if (!keywords.isEmpty()) {
            throw PyError.type(
                    "macro '" + name + "' takes no keyword argument " + keywords.keySet());
        }
        int count = procedure.parameters().size();
        if (scope.uses("varargs")) {
            int from = Math.min(count, positional.size());
            scope.set("varargs", new TupleValue(positional.subList(from, positional.size())));
        } else if (positional.size() > count) {
            throw PyError.type(
                    "macro '" + name + "' takes not more than " + count + " argument(s)");
        }
    }

    private static Value otherwise(Stmt.Parameter parameter, Scope scope) {
        Expr otherwise = parameter.otherwise();
        return otherwise == null
                ? Undefined.because("parameter '" + parameter.name() + "' was not provided")
                : ExpressionEvaluator.evaluate(otherwise, scope);
    }

    @Override
    public @Nullable Value attribute(String attribute) {
        return switch (attribute) {
            case "name" -> name == null ? None.NONE : new Str(name);
            case "arguments" -> {
                List<Value> names = new ArrayList<>();
                procedure.parameters().forEach(p -> names.add(new Str(p.name())));
                yield new TupleValue(names);
            }
            case "catch_kwargs" -> Bool.of(uses("kwargs"));
            case "catch_varargs" -> Bool.of(uses("varargs"));
            case "caller" -> Bool.of(uses("caller"));
            default -> null;
        };
    }

    private boolean uses(String special) {
        return rendering.enter(procedure.scope(), outer).uses(special);
    }

    @Override
    public String typeName() {
        return "Macro";
    }

    @Override
    public String repr() {
        return name == null ? "<Macro anonymous>" : "<Macro '" + name + "'>";
    }
}
