package dev.weft.chat.jinja.analysis;

import dev.weft.chat.jinja.builtin.global.Globals;
import dev.weft.chat.jinja.syntax.AssignmentTarget;
import dev.weft.chat.jinja.syntax.Expr;
import dev.weft.chat.jinja.syntax.Stmt;
import dev.weft.chat.jinja.syntax.TemplatePosition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the names that a template defines. Refuses assignments to {@code loop} within a loop, and
 * expressions that are nested too deep.
 */
public final class DefinedNames {
    private static final int MAX_DEPTH = 200;

    private final Set<String> names = new HashSet<>(Globals.NAMES);
    private int loops;
    private int line = 1;

    private DefinedNames() {
        names.addAll(Set.of("loop", "caller"));
    }

    /** Names that the template gives a value somewhere, and those of jinja2's functions. */
    public static Set<String> of(List<Stmt> template) {
        DefinedNames defined = new DefinedNames();
        defined.statements(template);
        return Set.copyOf(defined.names);
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
                names.add(name);
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
            names.add(parameter.name());
            expr(parameter.otherwise());
        }
        statements(procedure.body());
    }

    private void set(AssignmentTarget target, int line) {
        List<String> set = ExpressionNames.set(target);
        if (loops > 0 && set.contains("loop")) {
            throw new TemplatePosition(line, 1)
                    .fault("Can't assign to special loop variable in for-loop target");
        }
        names.addAll(set);
    }

    private void expr(@Nullable Expr expr) {
        if (expr == null) {
            return;
        }
        if (ExpressionNames.depth(expr) > MAX_DEPTH) {
            throw new TemplatePosition(line, 1)
                    .fault("an expression nested more than " + MAX_DEPTH + " levels deep");
        }
    }
}
