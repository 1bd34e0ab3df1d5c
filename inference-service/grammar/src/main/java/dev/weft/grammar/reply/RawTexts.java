package dev.weft.grammar.reply;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.pattern.EcmaPattern;
import dev.weft.grammar.pattern.PatternException;
import dev.weft.grammar.reply.format.ValueKind;
import dev.weft.grammar.rule.ValueRule;
import dev.weft.grammar.rule.ValueRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Texts of values that stand as they are. A text that its reader reads as null, a truth value or a
 * number is not allowed for a string: {@code 5000} is the number if both are allowed, and then has
 * to be valid as one.
 */
final class RawTexts {
    private static final String GAP = "[ \\t\\r\\n]*";
    private static final String INTEGER = "-?(?:0|[1-9][0-9]*)";
    private static final String NUMBER = INTEGER + "(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?";

    /** Decimals that, as a double, are finite, and 0 only if they are 0. */
    private static final String DECIMAL = "-?(?:0|[1-9][0-9]{0,307})(?:\\.[0-9]{1,300})?";

    private final ValueRules rules;
    private final Expressions pool;

    RawTexts(ValueRules rules) {
        this.rules = rules;
        this.pool = rules.pool;
    }

    /**
     * Texts of a value.
     *
     * @param types that its schema names
     * @param mark a text that none of them contains
     */
    Expression of(ValueRule rule, ValueKind kind, Set<String> types, String mark) {
        Expression texts = rules.string(rule);
        if (kind == ValueKind.EITHER) {
            texts = either(rule, types);
        }
        Expression end = pool.literal(mark);
        return pool.and(texts, pool.not(pool.concat(pool.any(), end, pool.any())));
    }

    private Expression either(ValueRule rule, Set<String> types) {
        List<Expression> taken = new ArrayList<>();
        List<Expression> texts = new ArrayList<>();
        int words = rules.constants(rule);
        if (types.contains("null")) {
            word(words & ValueRules.NULL, "null", texts, taken);
        }
        if (types.contains("boolean")) {
            word(words & ValueRules.TRUE, "true", texts, taken);
            word(words & ValueRules.FALSE, "false", texts, taken);
        }
        if (types.contains("number") || types.contains("integer")) {
            String looks = types.contains("number") ? NUMBER : INTEGER;
            texts.add(
                    pool.and(List.of(rules.number(rule).written(), whole(DECIMAL), whole(looks))));
            taken.add(whole(GAP + looks + GAP));
        }
        texts.add(pool.and(rules.string(rule), pool.not(pool.or(taken))));
        return pool.or(texts);
    }

    private void word(int valid, String word, List<Expression> texts, List<Expression> taken) {
        taken.add(whole(GAP + word + GAP));
        if (valid != 0) {
            texts.add(pool.literal(word));
        }
    }

    private Expression whole(String pattern) {
        try {
            return EcmaPattern.whole(pool, pattern);
        } catch (PatternException e) {
            throw new IllegalStateException(pattern, e);
        }
    }
}
