package dev.weft.protocol.usage;

import java.time.LocalDate;

/**
 * What counts are kept apart by: who used what on which day.
 *
 * @param day in UTC, on which the answer ended
 */
public record UsageSubject(LocalDate day, Payer payer, Used used) {
    /**
     * The same without what was used and who of those without a key it was: one of few subjects.
     */
    public UsageSubject folded() {
        return new UsageSubject(
                day,
                payer.key() == 0 ? new Payer(0, "other", payer.tenant()) : payer,
                Used.ANYTHING);
    }
}
