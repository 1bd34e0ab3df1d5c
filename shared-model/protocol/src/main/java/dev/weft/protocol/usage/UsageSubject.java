package dev.weft.protocol.usage;

import java.time.LocalDate;

/**
 * The key of a line of counts: who used what on which day.
 *
 * @param day in UTC, on which the answer ended
 */
public record UsageSubject(LocalDate day, Payer payer, Used used) {
    /**
     * This subject without its model, and with all senders without a key as one: there are few such
     * subjects.
     */
    public UsageSubject folded() {
        return new UsageSubject(
                day,
                payer.key() == 0 ? new Payer(0, "other", payer.tenant()) : payer,
                Used.ANYTHING);
    }
}
