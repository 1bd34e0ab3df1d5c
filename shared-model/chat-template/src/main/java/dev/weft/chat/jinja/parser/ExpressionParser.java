package dev.weft.chat.jinja.parser;

import dev.weft.chat.jinja.syntax.Expr;
import dev.weft.chat.jinja.syntax.Expr.BinaryOperator;
import dev.weft.chat.jinja.syntax.Expr.Relation;
import dev.weft.chat.jinja.syntax.Expr.UnaryOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Operators, from the loosest ({@code if}) to the tightest ({@code **} and signs). */
final class ExpressionParser {
    private static final Map<String, Relation> RELATIONS =
            Map.of(
                    "==", Relation.EQUAL,
                    "!=", Relation.NOT_EQUAL,
                    "<", Relation.LESS,
                    "<=", Relation.LESS_OR_EQUAL,
                    ">", Relation.GREATER,
                    ">=", Relation.GREATER_OR_EQUAL);
    private static final Map<String, BinaryOperator> SUMS =
            Map.of("+", BinaryOperator.ADD, "-", BinaryOperator.SUBTRACT);
    private static final Map<String, BinaryOperator> PRODUCTS =
            Map.of(
                    "*", BinaryOperator.MULTIPLY,
                    "/", BinaryOperator.DIVIDE,
                    "//", BinaryOperator.FLOOR_DIVIDE,
                    "%", BinaryOperator.MODULO);
    private static final Map<String, BinaryOperator> POWERS = Map.of("**", BinaryOperator.POWER);

    private final TemplateTokens tokens;
    private final OperandParser operands;

    ExpressionParser(TemplateTokens tokens) {
        this.tokens = tokens;
        this.operands = new OperandParser(tokens, this);
    }

    OperandParser operands() {
        return operands;
    }

    Expr expression() {
        tokens.enter();
        Expr then = or();
        while (tokens.skipName("if")) {
            Expr test = or();
            Expr otherwise = tokens.skipName("else") ? expression() : null;
            then = new Expr.Conditional(test, then, otherwise);
        }
        tokens.leave();
        return then;
    }

    /**
     * Reads one expression, or a tuple if commas follow.
     *
     * @param conditional {@code a if b} is an expression here
     * @param parentheses the tuple stands in parentheses, so it may be empty
     */
    Expr tuple(boolean conditional, boolean parentheses) {
        tokens.enter();
        List<Expr> items = new ArrayList<>();
        boolean tuple = false;
        while (!tupleEnds()) {
            items.add(conditional ? expression() : or());
            if (!tokens.skipOperator(",")) {
                break;
            }
            tuple = true;
        }
        tokens.leave();
        if (tuple) {
            return new Expr.TupleOf(items);
        }
        if (!items.isEmpty()) {
            return items.getFirst();
        }
        if (!parentheses) {
            throw tokens.unexpected("an expression");
        }
        return new Expr.TupleOf(items);
    }

    private boolean tupleEnds() {
        TemplateToken token = tokens.current();
        return token.is(TemplateToken.Type.VARIABLE_END)
                || token.is(TemplateToken.Type.BLOCK_END)
                || token.isOperator(")");
    }

    Expr or() {
        Expr left = and();
        while (tokens.skipName("or")) {
            left = new Expr.Binary(BinaryOperator.OR, left, and());
        }
        return left;
    }

    private Expr and() {
        Expr left = not();
        while (tokens.skipName("and")) {
            left = new Expr.Binary(BinaryOperator.AND, left, not());
        }
        return left;
    }

    private Expr not() {
        if (!tokens.skipName("not")) {
            return compare();
        }
        tokens.enter();
        Expr operand = not();
        tokens.leave();
        return new Expr.Unary(UnaryOperator.NOT, operand);
    }

    private Expr compare() {
        Expr first = sum();
        List<Expr.Operand> rest = new ArrayList<>();
        for (Relation relation = relation(); relation != null; relation = relation()) {
            rest.add(new Expr.Operand(relation, sum()));
        }
        return rest.isEmpty() ? first : new Expr.Compare(first, rest);
    }

    private @Nullable Relation relation() {
        TemplateToken token = tokens.current();
        if (token.is(TemplateToken.Type.OPERATOR)) {
            Relation relation = RELATIONS.get(token.text());
            if (relation != null) {
                tokens.next();
            }
            return relation;
        }
        if (tokens.skipName("in")) {
            return Relation.IN;
        }
        if (token.isName("not") && tokens.ahead().isName("in")) {
            tokens.next();
            tokens.next();
            return Relation.NOT_IN;
        }
        return null;
    }

    private Expr sum() {
        return chain(SUMS, this::concat);
    }

    private Expr concat() {
        List<Expr> parts = new ArrayList<>();
        parts.add(product());
        while (tokens.skipOperator("~")) {
            parts.add(product());
        }
        return parts.size() == 1 ? parts.getFirst() : new Expr.Concat(parts);
    }

    private Expr product() {
        return chain(PRODUCTS, this::power);
    }

    private Expr power() {
        return chain(POWERS, () -> unary(true));
    }

    /** Operators of one rank, grouped from the left. */
    private Expr chain(Map<String, BinaryOperator> operators, Supplier<Expr> operand) {
        Expr left = operand.get();
        while (tokens.current().is(TemplateToken.Type.OPERATOR)) {
            BinaryOperator operator = operators.get(tokens.current().text());
            if (operator == null) {
                break;
            }
            tokens.next();
            left = new Expr.Binary(operator, left, operand.get());
        }
        return left;
    }

    private Expr unary(boolean filters) {
        tokens.enter();
        Expr operand;
        if (tokens.skipOperator("-")) {
            operand = new Expr.Unary(UnaryOperator.MINUS, unary(false));
        } else if (tokens.skipOperator("+")) {
            operand = new Expr.Unary(UnaryOperator.PLUS, unary(false));
        } else {
            operand = operands.primary();
        }
        operand = operands.postfix(operand);
        if (filters) {
            operand = operands.filters(operand);
        }
        tokens.leave();
        return operand;
    }
}
