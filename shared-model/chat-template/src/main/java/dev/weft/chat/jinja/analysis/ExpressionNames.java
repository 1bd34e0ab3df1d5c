package dev.weft.chat.jinja.analysis;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.syntax.AssignmentTarget;
import dev.weft.chat.jinja.syntax.Expr;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Walks expressions. */
public final class ExpressionNames {
    private ExpressionNames() {}

    /**
     * Visits every expression within {@code expr}, itself first, at any depth and without
     * recursion.
     */
    static void walk(Expr expr, Consumer<Expr> visitor) {
        Deque<Expr> open = new ArrayDeque<>();
        open.push(expr);
        while (!open.isEmpty()) {
            Budget.steps(1);
            Expr next = open.pop();
            visitor.accept(next);
            children(next).reversed().forEach(open::push);
        }
    }

    /** The depth to which expressions are nested. */
    static int depth(Expr expr) {
        List<Expr> level = List.of(expr);
        int depth = 0;
        while (!level.isEmpty()) {
            depth++;
            List<Expr> below = new ArrayList<>();
            Budget.steps(level.size());
            level.forEach(e -> below.addAll(children(e)));
            level = below;
        }
        return depth;
    }

    /** Names that are read. */
    static List<String> read(Expr expr) {
        List<String> names = new ArrayList<>();
        walk(
                expr,
                e -> {
                    if (e instanceof Expr.Name(String name, _)) {
                        names.add(name);
                    }
                });
        return names;
    }

    /** Names that a target sets; not those of namespaces. */
    static List<String> set(AssignmentTarget target) {
        return switch (target) {
            case AssignmentTarget.Variable(String name) -> List.of(name);
            case AssignmentTarget.NamespaceAttribute _ -> List.of();
            case AssignmentTarget.Several(List<AssignmentTarget> targets) ->
                    targets.stream().flatMap(t -> set(t).stream()).toList();
        };
    }

    /** Namespaces that a target writes to. */
    public static List<String> namespaces(AssignmentTarget target) {
        return switch (target) {
            case AssignmentTarget.Variable _ -> List.of();
            case AssignmentTarget.NamespaceAttribute(String namespace, _) -> List.of(namespace);
            case AssignmentTarget.Several(List<AssignmentTarget> targets) ->
                    targets.stream().flatMap(t -> namespaces(t).stream()).toList();
        };
    }

    /** Expressions directly within {@code expr}, in the order in which they are written. */
    static List<Expr> children(Expr expr) {
        List<Expr> all = new ArrayList<>();
        switch (expr) {
            case Expr.Const _, Expr.Name _ -> {}
            case Expr.TupleOf(var items) -> all.addAll(items);
            case Expr.ListOf(var items) -> all.addAll(items);
            case Expr.DictOf(var pairs) ->
                    pairs.forEach(pair -> all.addAll(List.of(pair.key(), pair.value())));
            case Expr.Conditional(var test, var then, var otherwise) -> {
                all.addAll(List.of(test, then));
                addIf(all, otherwise);
            }
            case Expr.Unary(_, var operand) -> all.add(operand);
            case Expr.Binary(_, var left, var right) -> all.addAll(List.of(left, right));
            case Expr.Concat(var parts) -> all.addAll(parts);
            case Expr.Compare(var first, var rest) -> {
                all.add(first);
                rest.forEach(operand -> all.add(operand.expr()));
            }
            case Expr.Attribute(var of, _) -> all.add(of);
            case Expr.Item(var of, var key) -> all.addAll(List.of(of, key));
            case Expr.Slice slice -> {
                all.add(slice.of());
                addIf(all, slice.start());
                addIf(all, slice.stop());
                addIf(all, slice.step());
            }
            case Expr.Call(var function, var arguments, _) -> {
                all.add(function);
                addArguments(all, arguments);
            }
            case Expr.Filtered(var input, _, var arguments, _) -> {
                addIf(all, input);
                addArguments(all, arguments);
            }
            case Expr.Tested(var value, _, var arguments, _) -> {
                all.add(value);
                addArguments(all, arguments);
            }
        }
        return all;
    }

    private static void addArguments(List<Expr> all, Expr.Arguments arguments) {
        all.addAll(arguments.positional());
        arguments.keywords().forEach(keyword -> all.add(keyword.value()));
        addIf(all, arguments.list());
        addIf(all, arguments.dict());
    }

    private static void addIf(List<Expr> all, @Nullable Expr expr) {
        if (expr != null) {
            all.add(expr);
        }
    }
}
