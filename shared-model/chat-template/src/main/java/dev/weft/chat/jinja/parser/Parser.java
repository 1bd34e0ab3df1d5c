package dev.weft.chat.jinja.parser;

import dev.weft.chat.jinja.syntax.AssignmentTarget;
import dev.weft.chat.jinja.syntax.Expr;
import dev.weft.chat.jinja.syntax.JinjaSyntaxException;
import dev.weft.chat.jinja.syntax.Stmt;
import dev.weft.chat.jinja.syntax.Stmt.Parameter;
import dev.weft.chat.jinja.syntax.Stmt.Procedure;
import dev.weft.chat.jinja.syntax.TemplatePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Statements of a template. */
public final class Parser {
    private static final Set<String> REFUSED =
            Set.of("block", "extends", "include", "import", "from", "autoescape");

    private final TemplateTokens tokens;
    private final ExpressionParser expressions;
    private final TargetParser targets;
    private int scopes = 1;
    private int loops;

    private Parser(List<TemplateToken> tokens) {
        this.tokens = new TemplateTokens(tokens);
        this.expressions = new ExpressionParser(this.tokens);
        this.targets = new TargetParser(this.tokens, expressions);
    }

    /**
     * A template's statements, and the number of scopes they open; scope 0 is the template itself.
     */
    public record Parsed(List<Stmt> statements, int scopes) {}

    public static Parsed parse(String template) {
        Parser parser = new Parser(Lexer.tokens(template));
        List<Stmt> statements = parser.until(Set.of());
        return new Parsed(statements, parser.scopes);
    }

    /** Reads statements up to a tag of {@code ends}, whose name is then the current token. */
    private List<Stmt> until(Set<String> ends) {
        tokens.enter();
        List<Stmt> statements = new ArrayList<>();
        while (!ended(ends)) {
            TemplateToken token = tokens.next();
            int line = token.position().line();
            switch (token.type()) {
                case DATA -> statements.add(new Stmt.Text(token.text(), line));
                case VARIABLE_BEGIN -> {
                    statements.add(new Stmt.Print(expressions.tuple(true, false), line));
                    tokens.expect(TemplateToken.Type.VARIABLE_END, "'}}'");
                }
                case BLOCK_BEGIN -> {
                    statements.addAll(statement());
                    tokens.expect(TemplateToken.Type.BLOCK_END, "'%}'");
                }
                case NAME, STRING, INTEGER, FLOAT, OPERATOR, VARIABLE_END, BLOCK_END, END ->
                        throw token.position().fault("unexpected " + token.described());
            }
        }
        tokens.leave();
        return statements;
    }

    /**
     * True at a tag of {@code ends}, whose opening is then read, or at the template's end if no tag
     * is expected.
     */
    private boolean ended(Set<String> ends) {
        TemplateToken token = tokens.current();
        if (token.is(TemplateToken.Type.END)) {
            if (!ends.isEmpty()) {
                throw token.position()
                        .fault(
                                "Unexpected end of template: expected one of "
                                        + new TreeSet<>(ends));
            }
            return true;
        }
        boolean tag =
                token.is(TemplateToken.Type.BLOCK_BEGIN)
                        && tokens.ahead().is(TemplateToken.Type.NAME)
                        && ends.contains(tokens.ahead().text());
        if (tag) {
            tokens.next();
        }
        return tag;
    }

    /** Reads a body: everything after the opening tag, up to a tag of {@code ends}. */
    private List<Stmt> body(String... ends) {
        tokens.skipOperator(":");
        tokens.expect(TemplateToken.Type.BLOCK_END, "'%}'");
        return until(Set.of(ends));
    }

    private List<Stmt> closedBody(String end) {
        List<Stmt> body = body(end);
        tokens.next();
        return body;
    }

    private List<Stmt> statement() {
        TemplateToken tag = tokens.expect(TemplateToken.Type.NAME, "the name of a tag");
        int line = tag.position().line();
        return switch (tag.text()) {
            case "for" -> List.of(forLoop(line));
            case "if" -> List.of(conditional(line));
            case "set" -> List.of(set(line));
            case "with" -> List.of(with(line));
            case "print" -> print(line);
            case "macro" -> List.of(macro(line));
            case "call" -> List.of(callBlock(tag.position()));
            case "filter" -> List.of(filterBlock(line));
            case "generation" -> List.of(generation(line));
            case "break", "continue" -> List.of(jump(tag));
            default -> throw unknown(tag);
        };
    }

    private static JinjaSyntaxException unknown(TemplateToken tag) {
        return tag.position()
                .fault(
                        REFUSED.contains(tag.text())
                                ? "the tag '" + tag.text() + "' is not supported"
                                : "Encountered unknown tag '" + tag.text() + "'");
    }

    private Stmt forLoop(int line) {
        AssignmentTarget target = targets.target(false);
        tokens.expectName("in");
        Expr items = expressions.tuple(false, false);
        Expr test = tokens.skipName("if") ? expressions.expression() : null;
        boolean recursive = tokens.skipName("recursive");
        var head = new Stmt.For.Head(target, items, test, recursive);
        int scope = scopes;
        scopes += 3;
        loops++;
        List<Stmt> body = body("endfor", "else");
        loops--;
        int outer = loops;
        loops = recursive ? 0 : loops;
        List<Stmt> otherwise = tokens.next().isName("else") ? closedBody("endfor") : List.of();
        loops = outer;
        return new Stmt.For(head, body, otherwise, scope, line);
    }

    private Stmt conditional(int line) {
        List<Stmt.Branch> branches = new ArrayList<>();
        List<Stmt> otherwise = List.of();
        while (true) {
            Expr test = expressions.tuple(false, false);
            branches.add(new Stmt.Branch(test, body("elif", "else", "endif")));
            TemplateToken next = tokens.next();
            if (next.isName("elif")) {
                continue;
            }
            if (next.isName("else")) {
                otherwise = closedBody("endif");
            }
            return new Stmt.If(branches, otherwise, line);
        }
    }

    private Stmt set(int line) {
        AssignmentTarget target = targets.target(true);
        if (tokens.skipOperator("=")) {
            return new Stmt.Assign(target, expressions.tuple(true, false), line);
        }
        Expr.Filtered filter = null;
        while (tokens.skipOperator("|")) {
            filter = expressions.operands().filter(filter);
        }
        int scope = scopes++;
        return new Stmt.AssignBlock(target, filter, closedBody("endset"), scope, line);
    }

    private Stmt with(int line) {
        List<AssignmentTarget> names = new ArrayList<>();
        List<Expr> values = new ArrayList<>();
        while (!tokens.current().is(TemplateToken.Type.BLOCK_END)) {
            if (!names.isEmpty()) {
                tokens.expectOperator(",");
            }
            names.add(targets.target(false));
            tokens.expectOperator("=");
            values.add(expressions.expression());
        }
        int scope = scopes++;
        return new Stmt.With(names, values, closedBody("endwith"), scope, line);
    }

    private List<Stmt> print(int line) {
        List<Stmt> prints = new ArrayList<>();
        while (!tokens.current().is(TemplateToken.Type.BLOCK_END)) {
            if (!prints.isEmpty()) {
                tokens.expectOperator(",");
            }
            prints.add(new Stmt.Print(expressions.expression(), line));
        }
        return prints;
    }

    private Stmt macro(int line) {
        String name = targets.name();
        return new Stmt.Macro(name, procedure(parameters(), "endmacro"), line);
    }

    private Stmt callBlock(TemplatePosition position) {
        List<Parameter> parameters = tokens.current().isOperator("(") ? parameters() : List.of();
        if (!(expressions.expression() instanceof Expr.Call call)) {
            throw position.fault("expected a call");
        }
        return new Stmt.CallBlock(call, procedure(parameters, "endcall"), position.line());
    }

    private Stmt generation(int line) {
        return new Stmt.Generation(procedure(List.of(), "endgeneration"), line);
    }

    /**
     * Reads the body of a macro, a call block or a generation block. It can't break loops around
     * it.
     */
    private Procedure procedure(List<Parameter> parameters, String end) {
        int scope = scopes++;
        int outer = loops;
        loops = 0;
        List<Stmt> body = closedBody(end);
        loops = outer;
        return new Procedure(parameters, body, scope);
    }

    private List<Parameter> parameters() {
        tokens.expectOperator("(");
        List<Parameter> parameters = new ArrayList<>();
        boolean defaults = false;
        while (!tokens.current().isOperator(")")) {
            TemplatePosition position = tokens.current().position();
            String name = targets.name();
            Expr otherwise = tokens.skipOperator("=") ? expressions.expression() : null;
            if (defaults && otherwise == null) {
                throw position.fault("non-default argument follows default argument");
            }
            defaults |= otherwise != null;
            parameters.add(new Parameter(name, otherwise));
            if (!tokens.current().isOperator(")")) {
                tokens.expectOperator(",");
            }
        }
        tokens.next();
        return parameters;
    }

    private Stmt filterBlock(int line) {
        Expr.Filtered filter = expressions.operands().filter(null);
        while (tokens.skipOperator("|")) {
            filter = expressions.operands().filter(filter);
        }
        int scope = scopes++;
        return new Stmt.FilterBlock(filter, closedBody("endfilter"), scope, line);
    }

    private Stmt jump(TemplateToken tag) {
        if (loops == 0) {
            throw tag.position().fault("'" + tag.text() + "' outside of a loop");
        }
        int line = tag.position().line();
        return tag.isName("break") ? new Stmt.Break(line) : new Stmt.Continue(line);
    }
}
