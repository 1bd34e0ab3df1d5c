package dev.weft.chat.jinja.analysis;

import dev.weft.chat.jinja.builtin.global.Globals;
import dev.weft.chat.jinja.syntax.AssignmentTarget;
import dev.weft.chat.jinja.syntax.Expr;
import dev.weft.chat.jinja.syntax.Stmt;
import dev.weft.chat.jinja.syntax.TemplatePosition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses calls of functions that are defined nowhere, assignments to {@code loop} within a loop,
 * and expressions that are nested too deep. A name may be called if the template asks whether it
 * {@code is defined}: the template is then prepared for its absence.
 */
public final class FunctionCheck {
    private static final int MAX_DEPTH = 200;

    private final List<Expr.Call> calls = new ArrayList<>();
    private final Set<String> known = new HashSet<>(Globals.NAMES);
    private int loops;
    private int line = 1;

    private FunctionCheck() {
        known.addAll(Set.of("loop", "caller"));
    }

    public static void check(List<Stmt> template) {
        FunctionCheck check = new FunctionCheck();
        check.statements(template);
        for (Expr.Call call : check.calls) {
            if (call.function() instanceof Expr.Name(String name, TemplatePosition position)
                    && !check.known.contains(name)) {
                throw position.fault(
                        Globals.REFUSED.contains(name)
                                ? "the function '" + name + "' is not supported"
                                : "the function '" + name + "' is not defined");
            }
        }
    }

    private void statements(List<Stmt> statements) {
        statements.forEach(this::statement);
    }

    private void statement(Stmt statement) {
        line = statement.line();
        switch (statement) {
            case Stmt.Text _, Stmt.Break _, Stmt.Continue _ -> {}
            case Stmt.Print(Expr expr, _) -> expr(expr);
            case Stmt.If(var branches, var otherwise, _) -> {
                branches.forEach(branch -> expr(branch.test()));
                branches.forEach(branch -> statements(branch.body()));
                statements(otherwise);
            }
            case Stmt.For loop -> loop(loop);
            case Stmt.Macro(String name, var procedure, _) -> {
                known.add(name);
                procedure(procedure);
            }
            case Stmt.CallBlock(var call, var procedure, _) -> {
                expr(call);
                procedure(procedure);
            }
            case Stmt.Generation(var procedure, _) -> procedure(procedure);
            case Stmt.FilterBlock block -> {
                expr(block.filter());
                statements(block.body());
            }
            case Stmt.With with -> {
                with.targets().forEach(target -> set(target, with.line()));
                with.values().forEach(this::expr);
                statements(with.body());
            }
            case Stmt.Assign(var target, var value, int line) -> {
                set(target, line);
                expr(value);
            }
            case Stmt.AssignBlock block -> {
                set(block.target(), block.line());
                expr(block.filter());
                statements(block.body());
            }
        }
    }

    private void loop(Stmt.For loop) {
        loops++;
        set(loop.head().target(), loop.line());
        statements(loop.body());
        statements(loop.otherwise());
        loops--;
        expr(loop.head().items());
        expr(loop.head().test());
    }

    private void procedure(Stmt.Procedure procedure) {
        for (Stmt.Parameter parameter : procedure.parameters()) {
            known.add(parameter.name());
            expr(parameter.otherwise());
        }
        statements(procedure.body());
    }

    private void set(AssignmentTarget target, int line) {
        List<String> names = ExpressionNames.set(target);
        if (loops > 0 && names.contains("loop")) {
            throw new TemplatePosition(line, 1)
                    .fault("Can't assign to special loop variable in for-loop target");
        }
        known.addAll(names);
    }

    private void expr(@Nullable Expr expr) {
        if (expr == null) {
            return;
        }
        if (ExpressionNames.depth(expr) > MAX_DEPTH) {
            throw new TemplatePosition(line, 1)
                    .fault("an expression nested more than " + MAX_DEPTH + " levels deep");
        }
        ExpressionNames.walk(
                expr,
                part -> {
                    if (part instanceof Expr.Call call) {
                        calls.add(call);
                    } else if (part instanceof Expr.Tested(Expr.Name(String name, _), var test, _)
                            && (test.equals("defined") || test.equals("undefined"))) {
                        known.add(name);
                    }
                });
    }
}
