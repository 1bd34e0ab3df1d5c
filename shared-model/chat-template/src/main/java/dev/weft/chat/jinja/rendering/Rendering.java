package dev.weft.chat.jinja.rendering;

import dev.weft.chat.jinja.analysis.ExpressionNames;
import dev.weft.chat.jinja.analysis.ScopeInfo;
import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.budget.PyError;
import dev.weft.chat.jinja.builtin.global.Namespace;
import dev.weft.chat.jinja.characters.Out;
import dev.weft.chat.jinja.operation.Lazy;
import dev.weft.chat.jinja.operation.Sequences;
import dev.weft.chat.jinja.syntax.AssignmentTarget;
import dev.weft.chat.jinja.syntax.Expr;
import dev.weft.chat.jinja.syntax.Stmt;
import dev.weft.chat.jinja.value.Args;
import dev.weft.chat.jinja.value.PythonText;
import dev.weft.chat.jinja.value.Str;
import dev.weft.chat.jinja.value.Value;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One rendering: runs statements and writes their output. For one thread; used once. */
public final class Rendering {
    /** A scope costs about as much as that many expressions. */
    private static final int STEPS_OF_A_SCOPE = 5;

    private static final int BYTES_OF_A_SCOPE = 200;
    private static final int BYTES_OF_A_NAME = 48;

    private final List<ScopeInfo> scopes;
    private final Map<String, Value> context;
    private int line;

    public Rendering(List<ScopeInfo> scopes, Map<String, Value> context) {
        this.scopes = scopes;
        this.context = context;
    }

    /** Line of the statement that ran last. */
    public int line() {
        return line;
    }

    public String render(List<Stmt> template) {
        Out out = new Out();
        run(template, enter(0, null), out);
        return out.toString();
    }

    Scope enter(int scope, @Nullable Scope parent) {
        ScopeInfo info = scopes.get(scope);
        int names = info.loads().size();
        Budget.steps(STEPS_OF_A_SCOPE + (long) names);
        Budget.bytes(BYTES_OF_A_SCOPE + (long) BYTES_OF_A_NAME * names);
        return Scope.enter(info, parent, context);
    }

    Flow run(List<Stmt> statements, Scope scope, Out out) {
        Budget budget = Budget.down();
        try {
            for (Stmt statement : statements) {
                line = statement.line();
                Budget.steps(1);
                Flow flow = run(statement, scope, out);
                if (flow != Flow.NORMAL) {
                    return flow;
                }
            }
            return Flow.NORMAL;
        } finally {
            Budget.up(budget);
        }
    }

    private Flow run(Stmt statement, Scope scope, Out out) {
        switch (statement) {
            case Stmt.Text(String text, _) -> out.append(text);
            case Stmt.Print(Expr expr, _) ->
                    out.append(PythonText.str(ExpressionEvaluator.evaluate(expr, scope)));
            case Stmt.If conditional -> {
                return conditional(conditional, scope, out);
            }
            case Stmt.For loop -> {
                return loop(loop, scope, out);
            }
            case Stmt.Macro(String name, var procedure, _) ->
                    scope.set(name, new MacroValue(this, procedure, scope, name));
            case Stmt.CallBlock(var call, var procedure, _) -> {
                Value caller = new MacroValue(this, procedure, scope, null);
                Value result = ExpressionEvaluator.call(call, scope, Map.of("caller", caller));
                out.append(PythonText.str(result));
            }
            case Stmt.Generation(var procedure, _) ->
                    out.append(
                            PythonText.str(
                                    new MacroValue(this, procedure, scope, null).call(Args.NONE)));
            case Stmt.FilterBlock block -> {
                return filterBlock(block, scope, out);
            }
            case Stmt.With with -> {
                return with(with, scope, out);
            }
            case Stmt.Assign(AssignmentTarget target, Expr value, _) -> {
                ExpressionNames.namespaces(target).forEach(name -> namespace(name, scope));
                assign(target, ExpressionEvaluator.evaluate(value, scope), scope);
            }
            case Stmt.AssignBlock block -> {
                return assignBlock(block, scope);
            }
            case Stmt.Break _ -> {
                return Flow.BREAK;
            }
            case Stmt.Continue _ -> {
                return Flow.CONTINUE;
            }
        }
        return Flow.NORMAL;
    }

    private Flow conditional(Stmt.If conditional, Scope scope, Out out) {
        for (Stmt.Branch branch : conditional.branches()) {
            if (ExpressionEvaluator.test(branch.test(), scope)) {
                return run(branch.body(), scope, out);
            }
        }
        return run(conditional.otherwise(), scope, out);
    }

    private Flow loop(Stmt.For loop, Scope scope, Out out) {
        Value items = ExpressionEvaluator.evaluate(loop.head().items(), scope);
        if (loop.head().recursive()) {
            out.append(recursive(loop, items, scope, 0));
            return Flow.NORMAL;
        }
        return loop(loop, items, scope, 0, out);
    }

    /** Text of a recursive loop over {@code items}. */
    String recursive(Stmt.For loop, Value items, Scope scope, int depth) {
        Out out = new Out();
        loop(loop, items, scope, depth, out);
        return out.toString();
    }

    private Flow loop(Stmt.For loop, Value items, Scope scope, int depth, Out out) {
        Value source =
                loop.head().test() == null ? items : tested(loop, loop.head().test(), items, scope);
        LoopContext context = new LoopContext(this, loop, source, scope, depth);
        boolean nothing = true;
        while (context.advance()) {
            Scope inner = enter(loop.scope(), scope);
            if (inner.uses("loop")) {
                inner.set("loop", context);
            }
            assign(loop.head().target(), context.current(), inner);
            Flow flow = run(loop.body(), inner, out);
            if (flow == Flow.BREAK) {
                break;
            }
            nothing &= flow == Flow.CONTINUE;
        }
        if (nothing && !loop.otherwise().isEmpty()) {
            return run(loop.otherwise(), enter(loop.elseScope(), scope), out);
        }
        return Flow.NORMAL;
    }

    private Value tested(Stmt.For loop, Expr test, Value items, Scope scope) {
        Iterator<Value> source = Sequences.iterate(items);
        return Lazy.generator(() ->
                Lazy.filter(
                        source,
                        item -> {
                            Scope inner = enter(loop.testScope(), scope);
                            assign(loop.head().target(), item, inner);
                            return ExpressionEvaluator.test(test, inner);
                        }));
    }

    private Flow filterBlock(Stmt.FilterBlock block, Scope scope, Out out) {
        Scope inner = enter(block.scope(), scope);
        Out text = new Out();
        Flow flow = run(block.body(), inner, text);
        if (flow == Flow.NORMAL) {
            Value input = new Str(text.toString());
            Value result = ExpressionEvaluator.filtered(block.filter(), inner, input);
            out.append(PythonText.str(result));
        }
        return flow;
    }

    private Flow with(Stmt.With with, Scope scope, Out out) {
        Scope inner = enter(with.scope(), scope);
        for (int i = 0; i < with.targets().size(); i++) {
            Value value = ExpressionEvaluator.evaluate(with.values().get(i), scope);
            assign(with.targets().get(i), value, inner);
        }
        return run(with.body(), inner, out);
    }

    private Flow assignBlock(Stmt.AssignBlock block, Scope scope) {
        Scope inner = enter(block.scope(), scope);
        Out text = new Out();
        Flow flow = run(block.body(), inner, text);
        if (flow == Flow.NORMAL) {
            Value value = new Str(text.toString());
            assign(
                    block.target(),
                    block.filter() == null
                            ? value
                            : ExpressionEvaluator.filtered(block.filter(), inner, value),
                    scope);
        }
        return flow;
    }

    private void assign(AssignmentTarget target, Value value, Scope scope) {
        switch (target) {
            case AssignmentTarget.Variable(String name) -> scope.set(name, value);
            case AssignmentTarget.NamespaceAttribute(String name, String attribute) ->
                    namespace(name, scope).set(attribute, value);
            case AssignmentTarget.Several(List<AssignmentTarget> targets) -> {
                List<Value> items = Sequences.list(value);
                if (items.size() != targets.size()) {
                    throw PyError.value(
                            (items.size() < targets.size() ? "not enough" : "too many")
                                    + " values to unpack (expected "
                                    + targets.size()
                                    + ", got "
                                    + items.size()
                                    + ")");
                }
                for (int i = 0; i < targets.size(); i++) {
                    assign(targets.get(i), items.get(i), scope);
                }
            }
        }
    }

    private static Namespace namespace(String name, Scope scope) {
        if (scope.get(name) instanceof Namespace namespace) {
            return namespace;
        }
        throw PyError.runtime("cannot assign attribute on non-namespace object");
    }
}
