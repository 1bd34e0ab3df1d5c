package dev.weft.access.holder;

import java.time.LocalDate;

/**
 * What a key has used in a month, as far as the catalog knew when it was asked.
 *
 * @param month its first day, in UTC
 * @param tokens of prompts and answers
 * @param nanos cost in billionths of the unit that prices are in
 */
public record Spent(LocalDate month, long tokens, long nanos) {
    /**
     * True if the catalog said this before the other one, and was not restored from a backup
     * between them. The sums of a key only grow within a month then, so they are their own order,
     * whichever catalog was asked and whatever its clock.
     */
    public boolean isBefore(Spent other) {
        return month.equals(other.month)
                ? tokens < other.tokens || nanos < other.nanos
                : month.isBefore(other.month);
    }
}
