package dev.weft.chat.jinja.syntax;

import dev.weft.chat.jinja.value.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression of a template. */
public sealed interface Expr {
    record Const(Value value) implements Expr {}

    record Name(String name, TemplatePosition position) implements Expr {}

    record TupleOf(List<Expr> items) implements Expr {
        public TupleOf {
            items = List.copyOf(items);
        }
    }

    record ListOf(List<Expr> items) implements Expr {
        public ListOf {
            items = List.copyOf(items);
        }
    }

    record DictOf(List<Pair> pairs) implements Expr {
        public DictOf {
            pairs = List.copyOf(pairs);
        }
    }

    record Pair(Expr key, Expr value) {}

    /** {@code then if test else otherwise}. */
    record Conditional(Expr test, Expr then, @Nullable Expr otherwise) implements Expr {}

    record Unary(UnaryOperator operator, Expr operand) implements Expr {}

    enum UnaryOperator {
        NOT,
        MINUS,
        PLUS
    }

    record Binary(BinaryOperator operator, Expr left, Expr right) implements Expr {}

    enum BinaryOperator {
        OR,
        AND,
        ADD,
        SUBTRACT,
        MULTIPLY,
        DIVIDE,
        FLOOR_DIVIDE,
        MODULO,
        POWER
    }

    /** Parts joined by {@code ~}. */
    record Concat(List<Expr> parts) implements Expr {
        public Concat {
            parts = List.copyOf(parts);
        }
    }

    /** {@code first < second <= third}: each operand is evaluated once. */
    record Compare(Expr first, List<Operand> rest) implements Expr {
        public Compare {
            rest = List.copyOf(rest);
        }
    }

    record Operand(Relation relation, Expr expr) {}

    enum Relation {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        IN,
        NOT_IN
    }

    record Attribute(Expr of, String name) implements Expr {}

    record Item(Expr of, Expr key) implements Expr {}

    /** {@code of[start:stop:step]}. */
    record Slice(Expr of, @Nullable Expr start, @Nullable Expr stop, @Nullable Expr step)
            implements Expr {}

    record Call(Expr function, Arguments arguments, TemplatePosition position) implements Expr {}

    /**
     * {@code input | filter}.
     *
     * @param input null at the head of a filter block: the block's text
     */
    record Filtered(
            @Nullable Expr input, String filter, Arguments arguments, TemplatePosition position)
            implements Expr {}

    record Tested(Expr value, String test, Arguments arguments, TemplatePosition position)
            implements Expr {}

    /**
     * Arguments as written.
     *
     * @param list {@code *list}
     * @param dict {@code **dict}
     */
    record Arguments(
            List<Expr> positional,
            List<Keyword> keywords,
            @Nullable Expr list,
            @Nullable Expr dict) {
        public static final Arguments NONE = new Arguments(List.of(), List.of(), null, null);

        public Arguments {
            positional = List.copyOf(positional);
            keywords = List.copyOf(keywords);
        }
    }

    record Keyword(String name, Expr value) {}
}
