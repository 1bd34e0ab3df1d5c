package dev.weft.chat.jinja.parser;

import dev.weft.chat.jinja.syntax.AssignmentTarget;
import dev.weft.chat.jinja.syntax.Expr;
import dev.weft.chat.jinja.syntax.TemplatePosition;
import java.util.ArrayList;
import java.util.List;

/** Reads the targets left of {@code =} and {@code in}. */
final class TargetParser {
    private final TemplateTokens tokens;
    private final ExpressionParser expressions;

    TargetParser(TemplateTokens tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    String name() {
        TemplateToken token = tokens.expect(TemplateToken.Type.NAME, "a name");
        return assignable(token.text(), token.position());
    }

    /**
     * Reads a name, or several with commas.
     *
     * @param namespaces {@code namespace.attribute} is allowed
     */
    AssignmentTarget target(boolean namespaces) {
        List<AssignmentTarget> targets = new ArrayList<>();
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
        return several ? new AssignmentTarget.Several(targets) : targets.getFirst();
    }

    private boolean ends() {
        TemplateToken token = tokens.current();
        return token.is(TemplateToken.Type.BLOCK_END)
                || token.is(TemplateToken.Type.VARIABLE_END)
                || token.isOperator(")");
    }

    private AssignmentTarget one(boolean namespaces) {
        TemplateToken token = tokens.current();
        if (namespaces && token.is(TemplateToken.Type.NAME) && tokens.ahead().isOperator(".")) {
            tokens.next();
            tokens.next();
            String attribute = tokens.expect(TemplateToken.Type.NAME, "a name").text();
            return new AssignmentTarget.NamespaceAttribute(
                    assignable(token.text(), token.position()), attribute);
        }
        return target(expressions.operands().primary(), token.position());
    }

    private AssignmentTarget target(Expr expr, TemplatePosition position) {
        if (expr instanceof Expr.Name(String name, _)) {
            return new AssignmentTarget.Variable(assignable(name, position));
        }
        if (expr instanceof Expr.TupleOf(List<Expr> items)) {
            List<AssignmentTarget> targets = new ArrayList<>();
            items.forEach(item -> targets.add(target(item, position)));
            return new AssignmentTarget.Several(targets);
        }
        throw position.fault("can't assign to this expression");
    }

    private static String assignable(String name, TemplatePosition position) {
        return switch (name) {
            case "true", "false", "none", "True", "False", "None" ->
                    throw position.fault("can't assign to '" + name + "'");
            default -> name;
        };
    }
}
