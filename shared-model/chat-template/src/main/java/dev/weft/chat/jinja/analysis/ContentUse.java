package dev.weft.chat.jinja.analysis;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.syntax.AssignmentTarget;
import dev.weft.chat.jinja.syntax.Expr;
import dev.weft.chat.jinja.syntax.Stmt;
import dev.weft.chat.jinja.value.Str;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds out whether a template goes through the parts of a message's content. A template that does
 * not takes content as a string, so the caller joins text parts first, as vLLM does.
 */
public final class ContentUse {
    /** Stands for a message's content among names; no name of a template looks like this. */
    private static final String CONTENT = ".content";

    /** Names that hold a message's content somewhere in the template. */
    private final Set<String> holders = new HashSet<>();

    /** Names that hold content if their key does. */
    private final Map<String, Set<String>> followers = new HashMap<>();

    /** Names that loops go through. */
    private final Set<String> looped = new HashSet<>();

    private ContentUse() {
        holders.add(CONTENT);
        // vLLM takes the name for it, whatever it was set to
        holders.add("content");
    }

    public static boolean readsParts(List<Stmt> template) {
        ContentUse use = new ContentUse();
        use.statements(template);
        use.spread();
        return use.looped.stream().anyMatch(use.holders::contains);
    }

    private void statements(List<Stmt> statements) {
        statements.forEach(this::statement);
    }

    private void statement(Stmt statement) {
        switch (statement) {
            case Stmt.Text _, Stmt.Break _, Stmt.Continue _, Stmt.Print _ -> {}
            case Stmt.If(var branches, var otherwise, _) -> {
                branches.forEach(branch -> statements(branch.body()));
                statements(otherwise);
            }
            case Stmt.For loop -> {
                looped.addAll(sources(loop.head().items()));
                statements(loop.body());
                statements(loop.otherwise());
            }
            case Stmt.Macro(_, var procedure, _) -> statements(procedure.body());
            case Stmt.CallBlock(_, var procedure, _) -> statements(procedure.body());
            case Stmt.Generation(var procedure, _) -> statements(procedure.body());
            case Stmt.FilterBlock block -> statements(block.body());
            case Stmt.With with -> {
                for (int i = 0; i < with.targets().size(); i++) {
                    hold(with.targets().get(i), with.values().get(i));
                }
                statements(with.body());
            }
            case Stmt.Assign(var target, var value, _) -> hold(target, value);
            case Stmt.AssignBlock block -> statements(block.body());
        }
    }

    private void hold(AssignmentTarget target, Expr value) {
        List<String> set = ExpressionNames.set(target);
        for (String source : sources(value)) {
            Budget.steps(1L + set.size());
            followers.computeIfAbsent(source, _ -> new LinkedHashSet<>()).addAll(set);
        }
    }

    /** Passes content on from the names that hold it to those that are set to them. */
    private void spread() {
        Deque<String> open = new ArrayDeque<>(holders);
        while (!open.isEmpty()) {
            for (String follower : followers.getOrDefault(open.pop(), Set.of())) {
                Budget.steps(1);
                if (holders.add(follower)) {
                    open.push(follower);
                }
            }
        }
    }

    /** Names that an expression's value comes from; {@link #CONTENT} if it is content itself. */
    private static Set<String> sources(Expr expr) {
        Set<String> names = new LinkedHashSet<>();
        collect(expr, names);
        return names;
    }

    private static void collect(Expr expr, Set<String> names) {
        Budget.steps(1);
        switch (expr) {
            case Expr.Attribute(_, String name) when name.equals("content") -> names.add(CONTENT);
            case Expr.Item(_, Expr.Const(Str key)) when key.text().equals("content") ->
                    names.add(CONTENT);
            case Expr.Call(Expr.Attribute(_, String method), var arguments, _)
                    when method.equals("get") && isContent(arguments) ->
                    names.add(CONTENT);
            case Expr.Slice(Expr of, _, _, _) -> collect(of, names);
            case Expr.Name(String name, _) -> names.add(name);
            case Expr.Filtered(Expr input, _, _, _) when input != null -> collect(input, names);
            case Expr.Conditional(_, var then, var otherwise) -> {
                collect(then, names);
                if (otherwise != null) {
                    collect(otherwise, names);
                }
            }
            case Expr.Binary(_, var left, var right) -> {
                collect(left, names);
                collect(right, names);
            }
            case Expr.Attribute _,
                    Expr.Call _,
                    Expr.Compare _,
                    Expr.Concat _,
                    Expr.Const _,
                    Expr.DictOf _,
                    Expr.Filtered _,
                    Expr.Item _,
                    Expr.ListOf _,
                    Expr.Tested _,
                    Expr.TupleOf _,
                    Expr.Unary _ -> {}
        }
    }

    private static boolean isContent(Expr.Arguments arguments) {
        return !arguments.positional().isEmpty()
                && arguments.positional().getFirst() instanceof Expr.Const(Str key)
                && key.text().equals("content");
    }
}
