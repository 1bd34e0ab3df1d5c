package dev.weft.chat.jinja.parser;

import dev.weft.chat.jinja.syntax.Expr;
import dev.weft.chat.jinja.syntax.TemplatePosition;
import dev.weft.chat.jinja.value.Bool;
import dev.weft.chat.jinja.value.None;
import dev.weft.chat.jinja.value.Str;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names, literals, and what may follow them: attributes, items, calls, filters, tests. */
final class OperandParser {
    private static final int MAX_LINKS = 150;

    private final TemplateTokens tokens;
    private final ExpressionParser expressions;
    private final ArgumentParser arguments;

    OperandParser(TemplateTokens tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
        this.arguments = new ArgumentParser(tokens, expressions);
    }

    Expr primary() {
        TemplateToken token = tokens.current();
        return switch (token.type()) {
            case NAME -> name(tokens.next());
            case STRING -> string();
            case INTEGER, FLOAT -> new Expr.Const(tokens.next().value());
            case OPERATOR -> bracketed(token);
            case DATA, VARIABLE_BEGIN, VARIABLE_END, BLOCK_BEGIN, BLOCK_END, END ->
                    throw tokens.unexpected("an expression");
        };
    }

    private static Expr name(TemplateToken token) {
        return switch (token.text()) {
            case "true", "True" -> new Expr.Const(Bool.TRUE);
            case "false", "False" -> new Expr.Const(Bool.FALSE);
            case "none", "None" -> new Expr.Const(None.NONE);
            default -> new Expr.Name(token.text(), token.position());
        };
    }

    /** Strings that follow each other become one. */
    private Expr string() {
        StringBuilder text = new StringBuilder();
        while (tokens.current().is(TemplateToken.Type.STRING)) {
            text.append(tokens.next().text());
        }
        return new Expr.Const(new Str(text.toString()));
    }

    private Expr bracketed(TemplateToken token) {
        return switch (token.text()) {
            case "(" -> {
                tokens.next();
                Expr inner = expressions.tuple(true, true);
                tokens.expectOperator(")");
                yield inner;
            }
            case "[" -> list();
            case "{" -> dict();
            default -> throw tokens.unexpected("an expression");
        };
    }

    private Expr list() {
        tokens.expectOperator("[");
        List<Expr> items = new ArrayList<>();
        while (!tokens.current().isOperator("]")) {
            items.add(expressions.expression());
            if (!tokens.skipOperator(",")) {
                break;
            }
        }
        tokens.expectOperator("]");
        return new Expr.ListOf(items);
    }

    private Expr dict() {
        tokens.expectOperator("{");
        List<Expr.Pair> pairs = new ArrayList<>();
        while (!tokens.current().isOperator("}")) {
            Expr key = expressions.expression();
            tokens.expectOperator(":");
            pairs.add(new Expr.Pair(key, expressions.expression()));
            if (!tokens.skipOperator(",")) {
                break;
            }
        }
        tokens.expectOperator("}");
        return new Expr.DictOf(pairs);
    }

    Expr postfix(Expr operand) {
        Expr result = operand;
        for (int links = 0; tokens.current().is(TemplateToken.Type.OPERATOR); links++) {
            checkLinks(links);
            TemplateToken token = tokens.current();
            if (token.isOperator(".")) {
                result = attribute(result);
            } else if (token.isOperator("[")) {
                result = subscript(result);
            } else if (token.isOperator("(")) {
                result = call(result);
            } else {
                break;
            }
        }
        return result;
    }

    private void checkLinks(int links) {
        if (links > MAX_LINKS) {
            throw tokens.current()
                    .position()
                    .fault("a chain nested more than " + MAX_LINKS + " levels deep");
        }
    }

    private Expr attribute(Expr of) {
        tokens.next();
        if (tokens.current().is(TemplateToken.Type.INTEGER)) {
            return new Expr.Item(of, new Expr.Const(tokens.next().value()));
        }
        return new Expr.Attribute(
                of, tokens.expect(TemplateToken.Type.NAME, "a name or number").text());
    }

    private Expr call(Expr function) {
        TemplatePosition position = tokens.current().position();
        return new Expr.Call(function, arguments.arguments(), position);
    }

    private Expr subscript(Expr of) {
        TemplatePosition position = tokens.next().position();
        List<Expr> keys = new ArrayList<>();
        while (!tokens.current().isOperator("]")) {
            Expr key = tokens.current().isOperator(":") ? null : expressions.expression();
            if (key == null || tokens.current().isOperator(":")) {
                Expr slice = slice(of, key);
                if (!keys.isEmpty() || !tokens.current().isOperator("]")) {
                    throw position.fault("a slice among several keys");
                }
                tokens.next();
                return slice;
            }
            keys.add(key);
            if (!tokens.skipOperator(",")) {
                break;
            }
        }
        tokens.expectOperator("]");
        return new Expr.Item(of, keys.size() == 1 ? keys.getFirst() : new Expr.TupleOf(keys));
    }

    private Expr slice(Expr of, @Nullable Expr start) {
        tokens.expectOperator(":");
        Expr stop = slicePart();
        Expr step = tokens.skipOperator(":") ? slicePart() : null;
        return new Expr.Slice(of, start, stop, step);
    }

    private @Nullable Expr slicePart() {
        TemplateToken token = tokens.current();
        boolean missing = token.isOperator(":") || token.isOperator("]") || token.isOperator(",");
        return missing ? null : expressions.expression();
    }

    Expr filters(Expr operand) {
        Expr result = operand;
        for (int links = 0; ; links++) {
            checkLinks(links);
            TemplateToken token = tokens.current();
            if (token.isOperator("|")) {
                tokens.next();
                result = filter(result);
            } else if (token.isName("is")) {
                result = test(result);
            } else if (token.isOperator("(")) {
                result = call(result);
            } else {
                return result;
            }
        }
    }

    /** Reads a filter, whose bar was read already. */
    Expr.Filtered filter(@Nullable Expr input) {
        TemplatePosition position = tokens.current().position();
        String name = dottedName();
        Expr.Arguments given =
                tokens.current().isOperator("(") ? arguments.arguments() : Expr.Arguments.NONE;
        return new Expr.Filtered(input, name, given, position);
    }

    private String dottedName() {
        StringBuilder name =
                new StringBuilder(tokens.expect(TemplateToken.Type.NAME, "a name").text());
        while (tokens.skipOperator(".")) {
            name.append('.').append(tokens.expect(TemplateToken.Type.NAME, "a name").text());
        }
        return name.toString();
    }

    private Expr test(Expr value) {
        tokens.next();
        boolean negated = tokens.skipName("not");
        TemplatePosition position = tokens.current().position();
        String name = dottedName();
        Expr tested = new Expr.Tested(value, name, testArguments(), position);
        return negated ? new Expr.Unary(Expr.UnaryOperator.NOT, tested) : tested;
    }

    private Expr.Arguments testArguments() {
        TemplateToken token = tokens.current();
        if (token.isOperator("(")) {
            return arguments.arguments();
        }
        boolean operand =
                switch (token.type()) {
                    case NAME ->
                            !token.isName("else") && !token.isName("or") && !token.isName("and");
                    case STRING, INTEGER, FLOAT -> true;
                    case OPERATOR -> token.isOperator("[") || token.isOperator("{");
                    case DATA, VARIABLE_BEGIN, VARIABLE_END, BLOCK_BEGIN, BLOCK_END, END -> false;
                };
        if (!operand) {
            return Expr.Arguments.NONE;
        }
        if (token.isName("is")) {
            throw token.position().fault("You cannot chain multiple tests with is");
        }
        return new Expr.Arguments(List.of(postfix(primary())), List.of(), null, null);
    }
}
