package dev.weft.chat.jinja.analysis;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.builtin.filter.Filters;
import dev.weft.chat.jinja.builtin.filter.Tests;
import dev.weft.chat.jinja.builtin.global.Globals;
import dev.weft.chat.jinja.builtin.method.Attributes;
import dev.weft.chat.jinja.builtin.method.StringMethods;
import dev.weft.chat.jinja.syntax.Expr;
import dev.weft.chat.jinja.syntax.Stmt;
import dev.weft.chat.jinja.syntax.TemplatePosition;
import dev.weft.chat.jinja.value.DictValue;
import dev.weft.chat.jinja.value.ListValue;
import dev.weft.chat.jinja.value.TupleValue;
import dev.weft.chat.jinja.value.Undefined;
import dev.weft.chat.jinja.value.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses filters, tests, functions and methods that are not there, if every rendering gets to
 * them. Unknown filters and tests are also refused wherever jinja2's compiler refuses them:
 * everywhere but directly within an {@code if} or an inline {@code if}. All others fail once a
 * rendering gets to them.
 */
public final class NameCheck {
    private final Set<String> functions;

    private NameCheck(Set<String> functions) {
        this.functions = functions;
    }

    /**
     * Checks a template.
     *
     * @param functions names that may be called
     */
    public static void check(List<Stmt> template, Set<String> functions) {
        new NameCheck(functions).statements(template, Place.TEMPLATE);
    }

    /**
     * A place of a template.
     *
     * @param soft whether jinja2 leaves unknown filters and tests here to the rendering
     * @param certain whether every rendering gets here
     */
    private record Place(boolean soft, boolean certain) {
        static final Place TEMPLATE = new Place(false, true);

        /** A scope that may run or not: a loop's body, a macro. */
        static final Place PERHAPS = new Place(false, false);

        static final Place BRANCH = new Place(true, false);

        boolean refusesUnknown() {
            return certain || !soft;
        }

        Place test() {
            return new Place(true, certain);
        }

        /** A scope of its own, which runs if its statement does. */
        Place scope() {
            return new Place(false, certain);
        }

        Place perhaps() {
            return new Place(soft, false);
        }
    }

    private record Visit(Expr expr, Place place) {}

    private void statements(List<Stmt> statements, Place place) {
        statements.forEach(statement -> statement(statement, place));
    }

    private void statement(Stmt statement, Place place) {
        switch (statement) {
            case Stmt.Text _, Stmt.Break _, Stmt.Continue _ -> {}
            case Stmt.Print(Expr expr, _) -> expr(expr, place);
            case Stmt.If(var branches, var otherwise, _) -> {
                Place test = place.test();
                for (Stmt.Branch branch : branches) {
                    expr(branch.test(), test);
                    statements(branch.body(), Place.BRANCH);
                    test = Place.BRANCH;
                }
                statements(otherwise, Place.BRANCH);
            }
            case Stmt.For loop -> {
                expr(loop.head().items(), place);
                expr(loop.head().test(), Place.PERHAPS);
                statements(loop.body(), Place.PERHAPS);
                statements(loop.otherwise(), Place.PERHAPS);
            }
            case Stmt.Macro(_, var procedure, _) -> procedure(procedure, Place.PERHAPS);
            case Stmt.CallBlock(var call, var procedure, _) -> {
                expr(call, place);
                procedure(procedure, Place.PERHAPS);
            }
            case Stmt.Generation(var procedure, _) -> procedure(procedure, place.scope());
            case Stmt.FilterBlock block -> {
                expr(block.filter(), place.scope());
                statements(block.body(), place.scope());
            }
            case Stmt.With with -> {
                with.values().forEach(value -> expr(value, place));
                statements(with.body(), place.scope());
            }
            case Stmt.Assign(_, var value, _) -> expr(value, place);
            case Stmt.AssignBlock block -> {
                expr(block.filter(), place.scope());
                statements(block.body(), place.scope());
            }
        }
    }

    private void procedure(Stmt.Procedure procedure, Place place) {
        procedure.parameters().forEach(parameter -> expr(parameter.otherwise(), Place.PERHAPS));
        statements(procedure.body(), place);
    }

    private void expr(@Nullable Expr expr, Place place) {
        Deque<Visit> open = new ArrayDeque<>();
        if (expr != null) {
            open.push(new Visit(expr, place));
        }
        while (!open.isEmpty()) {
            Budget.steps(1);
            Visit next = open.pop();
            check(next.expr, next.place);
            within(next).reversed().forEach(open::push);
        }
    }

    private static List<Visit> within(Visit visit) {
        List<Expr> parts = ExpressionNames.children(visit.expr);
        List<Visit> visits = new ArrayList<>(parts.size());
        for (int i = 0; i < parts.size(); i++) {
            visits.add(new Visit(parts.get(i), part(visit.expr, i, visit.place)));
        }
        return visits;
    }

    /** The place of an expression's part: what stands behind another part may never be reached. */
    private static Place part(Expr of, int index, Place place) {
        if (of instanceof Expr.Conditional) {
            return index == 0 ? place.test() : Place.BRANCH;
        }
        boolean stopsEarly =
                of instanceof Expr.Compare
                        ? index > 1
                        : of instanceof Expr.Binary(Expr.BinaryOperator operator, _, _)
                                && index > 0
                                && (operator == Expr.BinaryOperator.AND
                                        || operator == Expr.BinaryOperator.OR);
        return stopsEarly ? place.perhaps() : place;
    }

    private void check(Expr expr, Place place) {
        if (expr instanceof Expr.Filtered(_, String name, _, TemplatePosition at)) {
            filter(name, at, place);
        } else if (expr instanceof Expr.Tested(_, String name, _, TemplatePosition at)) {
            if (place.refusesUnknown() && !Tests.has(name)) {
                throw at.fault("No test named '" + name + "'");
            }
        } else if (place.certain && expr instanceof Expr.Call call) {
            call(call);
        }
    }

    private static void filter(String name, TemplatePosition at, Place place) {
        if (Filters.REFUSED.contains(name)) {
            if (place.certain) {
                throw at.fault("the filter '" + name + "' is not supported");
            }
        } else if (place.refusesUnknown() && !Filters.has(name)) {
            throw at.fault("No filter named '" + name + "'");
        }
    }

    private void call(Expr.Call call) {
        if (call.function() instanceof Expr.Name(String name, TemplatePosition at)
                && !functions.contains(name)) {
            throw at.fault(
                    Globals.REFUSED.contains(name)
                            ? "the function '" + name + "' is not supported"
                            : "the function '" + name + "' is not defined");
        }
        if (call.function() instanceof Expr.Attribute(Expr of, String name)) {
            method(of, name, call.position());
        }
    }

    private static void method(Expr of, String name, TemplatePosition at) {
        if (StringMethods.UNSUPPORTED.contains(name)) {
            throw at.fault("the method '" + name + "' is not supported");
        }
        Value literal = literal(of);
        if (literal != null && Attributes.attribute(literal, name) instanceof Undefined missing) {
            throw at.fault(missing.message());
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
