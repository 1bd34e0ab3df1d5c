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
     * between them. A key's sums then only grow within a month, so they show the order by
     * themselves, whichever catalog was asked and whatever its clock says.
     */
    public boolean isBefore(Spent other) {
        return month.equals(other.month)
                ? tokens < other.tokens || nanos < other.nanos
                : month.isBefore(other.month);
    }
}
