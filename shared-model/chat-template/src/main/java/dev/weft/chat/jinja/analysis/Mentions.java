package dev.weft.chat.jinja.analysis;

import dev.weft.chat.jinja.syntax.AssignmentTarget;
import dev.weft.chat.jinja.syntax.Expr;
import dev.weft.chat.jinja.syntax.Stmt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks whether statements read one of the special names ({@code loop}, {@code caller}, ...) before
 * they set it, as jinja2's {@code find_undeclared} does.
 */
final class Mentions {
    private final String name;
    private boolean read;
    private boolean done;

    private Mentions(String name) {
        this.name = name;
    }

    static boolean reads(List<Stmt> statements, String name) {
        Mentions mentions = new Mentions(name);
        mentions.statements(statements);
        return mentions.read;
    }

    private void statements(List<Stmt> statements) {
        for (Stmt statement : statements) {
            if (done) {
                return;
            }
            statement(statement);
        }
    }

    private void statement(Stmt statement) {
        switch (statement) {
            case Stmt.Text _, Stmt.Break _, Stmt.Continue _ -> {}
            case Stmt.Print(Expr expr, _) -> expr(expr);
            case Stmt.If(var branches, var otherwise, _) -> {
                for (Stmt.Branch branch : branches) {
                    expr(branch.test());
                    statements(branch.body());
                }
                statements(otherwise);
            }
            case Stmt.For loop -> {
                target(loop.head().target());
                expr(loop.head().items());
                statements(loop.body());
                statements(loop.otherwise());
                expr(loop.head().test());
            }
            case Stmt.Macro(_, var procedure, _) -> procedure(procedure);
            case Stmt.CallBlock(var call, var procedure, _) -> {
                expr(call);
                procedure(procedure);
            }
            case Stmt.Generation(var procedure, _) -> procedure(procedure);
            case Stmt.FilterBlock block -> {
                statements(block.body());
                expr(block.filter());
            }
            case Stmt.With with -> {
                with.targets().forEach(this::target);
                with.values().forEach(this::expr);
                statements(with.body());
            }
            case Stmt.Assign(var target, var value, _) -> {
                target(target);
                expr(value);
            }
            case Stmt.AssignBlock block -> {
                target(block.target());
                expr(block.filter());
                statements(block.body());
            }
        }
    }

    private void procedure(Stmt.Procedure procedure) {
        for (Stmt.Parameter parameter : procedure.parameters()) {
            done |= parameter.name().equals(name);
        }
        procedure.parameters().forEach(parameter -> expr(parameter.otherwise()));
        statements(procedure.body());
    }

    private void target(AssignmentTarget target) {
        done |= ExpressionNames.set(target).contains(name);
    }

    private void expr(@Nullable Expr expr) {
        if (!done && expr != null && ExpressionNames.read(expr).contains(name)) {
            read = true;
            done = true;
        }
    }
}
