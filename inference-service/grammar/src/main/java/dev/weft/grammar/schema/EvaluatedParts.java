package dev.weft.grammar.schema;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.rule.ValueRule;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The parts of a value that are evaluated.
 *
 * @param all whether everything is
 * @param names keys
 * @param patterns of keys
 * @param prefix items from the start
 * @param contained items that follow one of these
 */
record EvaluatedParts(
        boolean all,
        Set<String> names,
        Set<Expression> patterns,
        int prefix,
        Set<ValueRule> contained) {
    static final EvaluatedParts NOTHING =
            new EvaluatedParts(false, Set.of(), Set.of(), 0, Set.of());

    int size() {
        return names.size() + patterns.size() + contained.size();
    }

    EvaluatedParts and(EvaluatedParts other) {
        return new EvaluatedParts(
                all || other.all,
                both(names, other.names),
                both(patterns, other.patterns),
                Math.max(prefix, other.prefix),
                both(contained, other.contained));
    }

    private static <T> Set<T> both(Set<T> a, Set<T> b) {
        if (a.containsAll(b)) {
            return a;
        }
        Set<T> both = new LinkedHashSet<>(a);
        both.addAll(b);
        return both;
    }

    /** The parts that both of them surely have. */
    EvaluatedParts common(EvaluatedParts other) {
        return new EvaluatedParts(
                all && other.all,
                common(names, other.names),
                common(patterns, other.patterns),
                Math.min(prefix, other.prefix),
                common(contained, other.contained));
    }

    private static <T> Set<T> common(Set<T> a, Set<T> b) {
        Set<T> common = new LinkedHashSet<>(a);
        common.retainAll(b);
        return common;
    }

    /** Whether these parts include those of another one. */
    boolean covers(EvaluatedParts other) {
        return all
                || (!other.all
                        && prefix >= other.prefix
                        && names.containsAll(other.names)
                        && patterns.containsAll(other.patterns)
                        && contained.containsAll(other.contained));
    }
}
