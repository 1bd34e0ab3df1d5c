package dev.weft.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/** What stands left of {@code =} and {@code in}. */
final class TargetParser {
    private final Tokens tokens;
    private final ExpressionParser expressions;

    TargetParser(Tokens tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    String name() {
        Token token = tokens.expect(Token.Type.NAME, "a name");
        return assignable(token.text(), token.position());
    }

    /**
     * A name, or several with commas.
     *
     * @param namespaces {@code namespace.attribute} is allowed
     */
    Target target(boolean namespaces) {
        List<Target> targets = new ArrayList<>();
        boolean several = false;
        while (!ends()) {
            targets.add(one(namespaces));
            if (!tokens.skipOperator(",")) {
                break;
            }
            several = true;
        }
        if (targets.isEmpty()) {
            throw tokens.unexpected("a name to assign to");
        }
        return several ? new Target.Several(targets) : targets.getFirst();
    }

    private boolean ends() {
        Token token = tokens.current();
        return token.is(Token.Type.BLOCK_END)
                || token.is(Token.Type.VARIABLE_END)
                || token.isOperator(")");
    }

    private Target one(boolean namespaces) {
        Token token = tokens.current();
        if (namespaces && token.is(Token.Type.NAME) && tokens.ahead().isOperator(".")) {
            tokens.next();
            tokens.next();
            String attribute = tokens.expect(Token.Type.NAME, "a name").text();
            return new Target.NamespaceAttribute(
                    assignable(token.text(), token.position()), attribute);
        }
        return target(expressions.operands().primary(), token.position());
    }

    private Target target(Expr expr, Position position) {
        if (expr instanceof Expr.Name(String name, _)) {
            return new Target.Variable(assignable(name, position));
        }
        if (expr instanceof Expr.TupleOf(List<Expr> items)) {
            List<Target> targets = new ArrayList<>();
            items.forEach(item -> targets.add(target(item, position)));
            return new Target.Several(targets);
        }
        throw position.fault("can't assign to this expression");
    }

    private static String assignable(String name, Position position) {
        return switch (name) {
            case "true", "false", "none", "True", "False", "None" ->
                    throw position.fault("can't assign to '" + name + "'");
            default -> name;
        };
    }
}
