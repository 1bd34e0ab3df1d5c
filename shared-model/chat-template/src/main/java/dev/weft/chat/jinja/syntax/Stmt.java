package dev.weft.chat.jinja.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement of a template. A statement that opens a scope has its id. */
public sealed interface Stmt {
    /** The line it starts in. */
    int line();

    record Text(String text, int line) implements Stmt {}

    record Print(Expr expr, int line) implements Stmt {}

    record If(List<Branch> branches, List<Stmt> otherwise, int line) implements Stmt {
        public If {
            branches = List.copyOf(branches);
            otherwise = List.copyOf(otherwise);
        }
    }

    record Branch(Expr test, List<Stmt> body) {
        public Branch {
            body = List.copyOf(body);
        }
    }

    /** {@code scope} of the body, {@code scope + 1} of the test, {@code scope + 2} of the else. */
    record For(Head head, List<Stmt> body, List<Stmt> otherwise, int scope, int line)
            implements Stmt {
        /** The tag itself: {@code for target in items if test recursive}. */
        public record Head(
                AssignmentTarget target, Expr items, @Nullable Expr test, boolean recursive) {}

        public For {
            body = List.copyOf(body);
            otherwise = List.copyOf(otherwise);
        }

        public int testScope() {
            return scope + 1;
        }

        public int elseScope() {
            return scope + 2;
        }
    }

    /** Parameters and body of a macro or a call block. */
    record Procedure(List<Parameter> parameters, List<Stmt> body, int scope) {
        public Procedure {
            parameters = List.copyOf(parameters);
            body = List.copyOf(body);
        }
    }

    record Parameter(String name, @Nullable Expr otherwise) {}

    record Macro(String name, Procedure procedure, int line) implements Stmt {}

    /** {@code call}: the caller is the procedure. */
    record CallBlock(Expr.Call call, Procedure procedure, int line) implements Stmt {}

    /** {@code generation}: text of the assistant, which transformers marks; a scope of its own. */
    record Generation(Procedure procedure, int line) implements Stmt {}

    record FilterBlock(Expr.Filtered filter, List<Stmt> body, int scope, int line) implements Stmt {
        public FilterBlock {
            body = List.copyOf(body);
        }
    }

    record With(
            List<AssignmentTarget> targets, List<Expr> values, List<Stmt> body, int scope, int line)
            implements Stmt {
        public With {
            targets = List.copyOf(targets);
            values = List.copyOf(values);
            body = List.copyOf(body);
        }
    }

    record Assign(AssignmentTarget target, Expr value, int line) implements Stmt {}

    record AssignBlock(
            AssignmentTarget target,
            Expr.@Nullable Filtered filter,
            List<Stmt> body,
            int scope,
            int line)
            implements Stmt {
        public AssignBlock {
            body = List.copyOf(body);
        }
    }

    record Break(int line) implements Stmt {}

    record Continue(int line) implements Stmt {}
}
