package dev.weft.grammar.rule;

import dev.weft.grammar.expression.Expression;
import org.jspecify.annotations.Nullable;

/**
 * A set of numbers, as they are spelled.
 *
 * @param plain exactly its spellings without exponent
 * @param spelled the spellings that are written, with or without exponent, all of them in the set;
 *     null for those of {@code plain}
 * @param outside spellings with an exponent that are written elsewhere, none of them in the set;
 *     null if none is known
 * @param bare whether integers of it are written as digits alone; {@code plain} has their other
 *     spellings, too
 */
public record NumberSet(
        Expression plain,
        @Nullable Expression spelled,
        @Nullable Expression outside,
        boolean bare) {
    NumberSet(Expression plain, @Nullable Expression spelled) {
        this(plain, spelled, null, false);
    }

    NumberSet(Expression plain, @Nullable Expression spelled, boolean bare) {
        this(plain, spelled, null, bare);
    }

    /** The spellings in which numbers of the set are written. */
    public Expression written() {
        return spelled == null ? plain : spelled;
    }
}
