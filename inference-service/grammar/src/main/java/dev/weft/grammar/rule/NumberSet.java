package dev.weft.grammar.rule;

import dev.weft.grammar.expression.Expression;
import org.jspecify.annotations.Nullable;

/**
 * A set of numbers, as they are spelled.
 *
 * @param plain exactly its spellings without exponent
 * @param spelled spellings with or without exponent, all of them in the set; null if no more than
 *     {@code plain} is known
 */
public record NumberSet(Expression plain, @Nullable Expression spelled) {
    public Expression widest() {
        return spelled == null ? plain : spelled;
    }
}
