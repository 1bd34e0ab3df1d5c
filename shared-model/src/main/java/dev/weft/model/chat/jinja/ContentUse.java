package dev.weft.model.chat.jinja;

import dev.weft.model.chat.jinja.value.Str;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether a template goes through the parts of a message's content. One that does not takes content
 * as a string, so who renders it joins text parts first, as vLLM does.
 */
final class ContentUse {
    /** Names that hold a message's content somewhere in the template. */
    private final Set<String> holders = new HashSet<>();

    private boolean readsParts;

    private ContentUse() {}

    static boolean readsParts(List<Stmt> template) {
        ContentUse use = new ContentUse();
        int known;
        do {
            known = use.holders.size();
            use.statements(template);
        } while (use.holders.size() > known);
        return use.readsParts;
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
                readsParts |= isContent(loop.items());
                statements(loop.body());
                statements(loop.otherwise());
            }
            case Stmt.Macro(_, var procedure, _) -> {
                for (Stmt.Parameter parameter : procedure.parameters()) {
                    if (parameter.name().equals("content")) {
                        holders.add("content");
                    }
                }
                statements(procedure.body());
            }
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

    private void hold(Target target, Expr value) {
        if (isContent(value)) {
            holders.addAll(Names.set(target));
        }
    }

    private boolean isContent(Expr expr) {
        return switch (expr) {
            case Expr.Attribute(_, String name) -> name.equals("content");
            case Expr.Item(_, Expr.Const(Str key)) -> key.text().equals("content");
            case Expr.Name(String name, _) -> holders.contains(name);
            case Expr.Filtered(var input, _, _) -> input != null && isContent(input);
            case Expr.Conditional(_, var then, var otherwise) ->
                    isContent(then) || (otherwise != null && isContent(otherwise));
            case Expr.Binary(_, var left, var right) -> isContent(left) || isContent(right);
            case Expr.Call _,
                    Expr.Compare _,
                    Expr.Concat _,
                    Expr.Const _,
                    Expr.DictOf _,
                    Expr.Item _,
                    Expr.ListOf _,
                    Expr.Slice _,
                    Expr.Tested _,
                    Expr.TupleOf _,
                    Expr.Unary _ ->
                    false;
        };
    }
}
