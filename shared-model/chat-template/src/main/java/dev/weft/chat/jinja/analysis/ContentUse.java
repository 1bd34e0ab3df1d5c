package dev.weft.chat.jinja.analysis;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.syntax.AssignmentTarget;
import dev.weft.chat.jinja.syntax.Expr;
import dev.weft.chat.jinja.syntax.Stmt;
import dev.weft.chat.jinja.value.Str;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a template goes through the parts of a message's content. A template that does
 * not takes content as a string, so the caller joins text parts first, as vLLM does.
 */
public final class ContentUse {
    /** Stands for a message's content among names; no name of a template looks like this. */
    private static final String CONTENT = ".content";

    /** Names that hold a message's content somewhere in the template. */
    private final Set<String> holders = new HashSet<>();

    /** For each name, the names that hold content if it does. */
    private final Map<String, Set<String>> followers = new HashMap<>();

    /** Parameters of macros, by the macro's name. */
    private final Map<String, Parameters> macros = new HashMap<>();

    private final List<Argument> arguments = new ArrayList<>();

    /** The macro that the statements being read belong to; empty for none. */
    private String macro = "";

    /**
     * The parameters of a macro.
     *
     * @param places by the name, from 0
     */
    private record Parameters(List<String> names, Map<String, Integer> places) {
        static final Parameters NONE = new Parameters(List.of(), Map.of());

        static Parameters of(Stmt.Procedure macro) {
            List<String> names = macro.parameters().stream().map(Stmt.Parameter::name).toList();
            Map<String, Integer> places = new HashMap<>();
            names.forEach(name -> places.putIfAbsent(name, places.size()));
            return new Parameters(names, places);
        }
    }

    /**
     * An argument that a macro is called with.
     *
     * @param keyword null if it goes by its place
     * @param sources names that it comes from
     */
    private record Argument(
            String macro, int place, @Nullable String keyword, Set<String> sources) {}

    /** Names that loops go through. */
    private final Set<String> looped = new HashSet<>();

    private ContentUse() {
        holders.add(CONTENT);
        // vLLM takes this name for a message's content, whatever it was set to
        holders.add("content");
    }

    public static boolean readsParts(List<Stmt> template) {
        ContentUse use = new ContentUse();
        use.statements(template);
        use.arguments.forEach(use::pass);
        use.spread();
        return use.looped.stream().anyMatch(use.holders::contains);
    }

    private void statements(List<Stmt> statements) {
        statements.forEach(this::statement);
    }

    private void statement(Stmt statement) {
        switch (statement) {
            case Stmt.Text _, Stmt.Break _, Stmt.Continue _ -> {}
            case Stmt.Print(Expr expr, _) -> reads(expr);
            case Stmt.If(var branches, var otherwise, _) -> {
                for (Stmt.Branch branch : branches) {
                    reads(branch.test());
                    statements(branch.body());
                }
                statements(otherwise);
            }
            case Stmt.For loop -> {
                reads(loop.head().items());
                reads(loop.head().test());
                looped.addAll(sources(loop.head().items()));
                statements(loop.body());
                statements(loop.otherwise());
            }
            case Stmt.Macro(String name, var procedure, _) -> {
                macros.put(name, Parameters.of(procedure));
                procedure.parameters().forEach(parameter -> reads(parameter.otherwise()));
                String around = macro;
                macro = name;
                statements(procedure.body());
                macro = around;
            }
            case Stmt.CallBlock(var call, var procedure, _) -> {
                reads(call);
                statements(procedure.body());
            }
            case Stmt.Generation(var procedure, _) -> statements(procedure.body());
            case Stmt.FilterBlock block -> {
                reads(block.filter());
                statements(block.body());
            }
            case Stmt.With with -> {
                for (int i = 0; i < with.targets().size(); i++) {
                    hold(with.targets().get(i), with.values().get(i));
                }
                statements(with.body());
            }
            case Stmt.Assign(var target, var value, _) -> hold(target, value);
            case Stmt.AssignBlock block -> {
                reads(block.filter());
                statements(block.body());
            }
        }
    }

    private void reads(@Nullable Expr expr) {
        if (expr == null) {
            return;
        }
        ExpressionNames.walk(
                expr,
                each -> {
                    if (each instanceof Expr.Call(Expr.Name(String name, _), var given, _)) {
                        called(name, given);
                    }
                });
    }

    private void called(String name, Expr.Arguments given) {
        for (int i = 0; i < given.positional().size(); i++) {
            Set<String> sources = sources(given.positional().get(i));
            arguments.add(new Argument(name, i, null, sources));
        }
        for (Expr.Keyword keyword : given.keywords()) {
            arguments.add(new Argument(name, -1, keyword.name(), sources(keyword.value())));
        }
    }

    /** Notes that a macro's parameter holds what it is called with. */
    private void pass(Argument argument) {
        Parameters parameters = macros.getOrDefault(argument.macro, Parameters.NONE);
        int place =
                argument.keyword == null
                        ? argument.place
                        : parameters.places.getOrDefault(argument.keyword, -1);
        if (place >= 0 && place < parameters.names.size()) {
            String parameter = inMacro(argument.macro, parameters.names.get(place));
            hold(List.of(parameter), argument.sources);
        }
    }

    /** A parameter is one macro's own; {@code content} means the same everywhere. */
    private static String inMacro(String macro, String name) {
        return name.equals("content") ? name : macro + "." + name;
    }

    private String scoped(String name) {
        boolean own = macros.getOrDefault(macro, Parameters.NONE).places.containsKey(name);
        return own ? inMacro(macro, name) : name;
    }

    private void hold(AssignmentTarget target, Expr value) {
        reads(value);
        hold(ExpressionNames.set(target).stream().map(this::scoped).toList(), sources(value));
    }

    private void hold(List<String> set, Set<String> sources) {
        for (String source : sources) {
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
    private Set<String> sources(Expr expr) {
        Set<String> names = new LinkedHashSet<>();
        collect(expr, names);
        return names.stream()
                .map(this::scoped)
                .collect(Collectors.toCollection(LinkedHashSet::new));
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
