package dev.weft.chat.jinja.analysis;

import dev.weft.chat.jinja.syntax.AssignmentTarget;
import dev.weft.chat.jinja.syntax.Expr;
import dev.weft.chat.jinja.syntax.Stmt;
import dev.weft.chat.jinja.syntax.TemplatePosition;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the names of every scope, outer scopes first, since inner ones depend on them. */
public final class ScopeAnalysis {
    private static final ScopeInfo NONE = new ScopeInfo(Map.of(), Set.of());

    private final ScopeInfo[] scopes;

    private ScopeAnalysis(int count) {
        scopes = new ScopeInfo[count];
        Arrays.fill(scopes, NONE);
    }

    /** The scopes by id; 0 is the template's. */
    public static List<ScopeInfo> of(List<Stmt> template, int scopes) {
        ScopeAnalysis analysis = new ScopeAnalysis(scopes);
        analysis.block(0, new Symbols(null), template);
        return List.of(analysis.scopes);
    }

    /**
     * Takes statements that make up a whole scope, except for the parameters, which are declared
     * already.
     */
    private void block(int id, Symbols symbols, List<Stmt> body) {
        block(id, symbols, body, Set.of());
    }

    private void block(int id, Symbols symbols, List<Stmt> body, Set<String> specials) {
        new SymbolVisitor(symbols).statements(body);
        close(id, symbols, specials);
        nested(body, symbols);
    }

    private void close(int id, Symbols symbols, Set<String> specials) {
        scopes[id] = new ScopeInfo(symbols.loads(), specials);
    }

    private void nested(List<Stmt> statements, Symbols symbols) {
        for (Stmt statement : statements) {
            switch (statement) {
                case Stmt.If(var branches, var otherwise, _) -> {
                    branches.forEach(branch -> nested(branch.body(), symbols));
                    nested(otherwise, symbols);
                }
                case Stmt.For loop -> loop(loop, symbols);
                case Stmt.Macro(_, var procedure, int line) -> procedure(procedure, symbols, line);
                case Stmt.CallBlock(_, var procedure, int line) ->
                        procedure(procedure, symbols, line);
                case Stmt.Generation(var procedure, int line) ->
                        procedure(procedure, symbols, line);
                case Stmt.FilterBlock block -> filterBlock(block, symbols);
                case Stmt.With with -> {
                    Symbols inner = new Symbols(symbols);
                    with.targets().forEach(t -> ExpressionNames.set(t).forEach(inner::parameter));
                    block(with.scope(), inner, with.body());
                }
                case Stmt.AssignBlock block ->
                        block(block.scope(), new Symbols(symbols), block.body());
                case Stmt.Text _, Stmt.Print _, Stmt.Assign _, Stmt.Break _, Stmt.Continue _ -> {}
            }
        }
    }

    private void loop(Stmt.For loop, Symbols outer) {
        List<String> names = ExpressionNames.set(loop.head().target());
        Symbols body = new Symbols(outer);
        boolean extended = loop.head().recursive() || Mentions.reads(loop.body(), "loop");
        if (extended) {
            body.parameter("loop");
        }
        names.forEach(body::parameter);
        block(loop.scope(), body, loop.body(), extended ? Set.of("loop") : Set.of());
        Symbols test = new Symbols(outer);
        names.forEach(test::parameter);
        if (loop.head().test() != null) {
            test.loadAll(ExpressionNames.read(loop.head().test()));
        }
        close(loop.testScope(), test, Set.of());
        block(loop.elseScope(), new Symbols(outer), loop.otherwise());
    }

    private void procedure(Stmt.Procedure procedure, Symbols outer, int line) {
        Symbols symbols = new Symbols(outer);
        Set<String> parameters = new TreeSet<>();
        for (Stmt.Parameter parameter : procedure.parameters()) {
            symbols.parameter(parameter.name());
            parameters.add(parameter.name());
        }
        for (Stmt.Parameter parameter : procedure.parameters()) {
            Expr otherwise = parameter.otherwise();
            symbols.loadAll(otherwise == null ? List.of() : ExpressionNames.read(otherwise));
        }
        new SymbolVisitor(symbols).statements(procedure.body());
        Set<String> specials = new TreeSet<>();
        for (String special : List.of("caller", "kwargs", "varargs")) {
            boolean used = Mentions.reads(procedure.body(), special);
            if (used && special.equals("caller")) {
                checkCaller(procedure, line);
            }
            if (used && (special.equals("caller") || !parameters.contains(special))) {
                specials.add(special);
                symbols.parameter(special);
            }
        }
        close(procedure.scope(), symbols, specials);
        nested(procedure.body(), symbols);
    }

    private static void checkCaller(Stmt.Procedure procedure, int line) {
        for (Stmt.Parameter parameter : procedure.parameters()) {
            if (parameter.name().equals("caller") && parameter.otherwise() == null) {
                throw new TemplatePosition(line, 1)
                        .fault("the special \"caller\" argument must be given a default");
            }
        }
    }

    private void filterBlock(Stmt.FilterBlock block, Symbols outer) {
        Symbols symbols = new Symbols(outer);
        new SymbolVisitor(symbols).statements(block.body());
        symbols.loadAll(ExpressionNames.read(block.filter()));
        close(block.scope(), symbols, Set.of());
        nested(block.body(), symbols);
    }

    /** Takes the names of statements into a scope's symbols; inner scopes are left out. */
    private static final class SymbolVisitor {
        private Symbols symbols;

        SymbolVisitor(Symbols symbols) {
            this.symbols = symbols;
        }

        void statements(List<Stmt> statements) {
            statements.forEach(this::statement);
        }

        private void statement(Stmt statement) {
            switch (statement) {
                case Stmt.Text _, Stmt.Break _, Stmt.Continue _, Stmt.Generation _ -> {}
                case Stmt.Print(Expr expr, _) -> read(expr);
                case Stmt.If(var branches, var otherwise, _) -> conditional(branches, otherwise);
                case Stmt.For loop -> read(loop.head().items());
                case Stmt.Macro(String name, _, _) -> symbols.store(name);
                case Stmt.CallBlock(var call, _, _) -> read(call);
                case Stmt.FilterBlock block -> read(block.filter());
                case Stmt.With with -> with.values().forEach(this::read);
                case Stmt.Assign(var target, var value, _) -> {
                    read(value);
                    target(target);
                }
                case Stmt.AssignBlock block -> {
                    target(block.target());
                    read(block.filter());
                }
            }
        }

        private void read(@Nullable Expr expr) {
            if (expr != null) {
                symbols.loadAll(ExpressionNames.read(expr));
            }
        }

        private void target(AssignmentTarget target) {
            ExpressionNames.set(target).forEach(symbols::store);
            symbols.loadAll(ExpressionNames.namespaces(target));
        }

        private void conditional(List<Stmt.Branch> branches, List<Stmt> otherwise) {
            Symbols outer = symbols;
            read(branches.getFirst().test());
            Symbols first = branch(branches.getFirst().body());
            symbols = outer.copy();
            for (Stmt.Branch branch : branches.subList(1, branches.size())) {
                read(branch.test());
                Symbols here = symbols;
                Symbols body = branch(branch.body());
                here.merge(List.of(body));
            }
            Symbols others = symbols;
            symbols = outer;
            Symbols last = branch(otherwise);
            outer.merge(List.of(first, others, last));
        }

        /** Symbols after {@code body}, made on a copy of the current ones, which stay unchanged. */
        private Symbols branch(List<Stmt> body) {
            Symbols before = symbols;
            symbols = before.copy();
            statements(body);
            Symbols after = symbols;
            symbols = before;
            return after;
        }
    }
}
