package dev.weft.gateway.usage;

import dev.weft.access.holder.Confirmation;
import dev.weft.access.holder.Spent;
import dev.weft.protocol.usage.UsageCounts;
import dev.weft.protocol.usage.UsageSubject;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sums what keys have used this month: the catalog's sum, and what this gateway has counted that
 * the catalog did not know when it told the sum. A batch that the catalog books while it is asked
 * may count twice until it is asked again, 4 s at most. What other gateways count reaches the
 * catalog within a second.
 *
 * <p>The catalog is asked about each token of a key by itself, so its answers may come out of
 * order: the last one counts. Of two answers that were asked for at once, that is the higher one. A
 * lower answer that was asked for after the higher one had come is the last: the catalog was
 * restored from a backup.
 *
 * <p>The month is that of the day for which a total is asked, whatever days were counted, and
 * whichever month the catalog's clock is in. Any thread.
 */
public final class KeySpending {
    /** Around the turn of a month two are in use, and a third while a clock is wrong. */
    private static final int MOST_MONTHS = 3;

    private final Map<Long, Account> accounts = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    public KeySpending() {
        this(System::nanoTime);
    }

    /**
     * @param nanos the clock of {@link Confirmation}s
     */
    KeySpending(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Tokens and cost together. */
    public record Total(long tokens, long nanos) {
        private static final Total NOTHING = new Total(0, 0);

        private Total plus(UsageCounts counts) {
            return new Total(tokens + counts.tokens(), nanos + counts.costNanos());
        }

        private Total plus(Total other) {
            return new Total(tokens + other.tokens, nanos + other.nanos);
        }

        private Total minus(Total other) {
            return new Total(tokens - other.tokens, nanos - other.nanos);
        }
    }

    /** What this gateway has counted in a month, and what of it the catalog has booked. */
    private static final class Sums {
        private Total counted = Total.NOTHING;
        private Total booked = Total.NOTHING;
    }

    /** One key. The caller always says which month it is: clocks step, and lines come late. */
    private static final class Account {
        /** By the first day of the month. */
        private final TreeMap<LocalDate, Sums> months = new TreeMap<>();

        /** The sum that the catalog told last; {@link #bookedThen} was booked when it came. */
        private @Nullable Spent known;

        /** When the catalog told the sum; null if nobody knows. */
        private @Nullable Confirmation told;

        private Total bookedThen = Total.NOTHING;

        /** When a batch was last known to be booked. */
        private long lastBooked;

        private Sums of(LocalDate day) {
            LocalDate month = day.withDayOfMonth(1);
            Sums sums = months.computeIfAbsent(month, _ -> new Sums());
            if (months.size() > MOST_MONTHS) {
                boolean oldest = months.firstKey().equals(month);
                months.remove(oldest ? months.lastKey() : months.firstKey());
            }
            return sums;
        }

        synchronized void counted(LocalDate day, UsageCounts counts) {
            Sums sums = of(day);
            sums.counted = sums.counted.plus(counts);
        }

        synchronized void booked(LocalDate day, UsageCounts counts, long now) {
            Sums sums = of(day);
            sums.booked = sums.booked.plus(counts);
            lastBooked = now;
        }

        synchronized Total total(Spent said, @Nullable Confirmation when, LocalDate today) {
            Spent last = known;
            if (last == null || isAfter(last, said, when)) {
                last = said;
                known = said;
                told = when;
                bookedThen = of(said.month()).booked;
            }
            Sums now = of(today);
            return last.month().equals(today.withDayOfMonth(1))
                    ? new Total(last.tokens(), last.nanos()).plus(now.counted.minus(bookedThen))
                    : now.counted;
        }

        /** True if the catalog said this after what it said last. */
        private boolean isAfter(Spent last, Spent said, @Nullable Confirmation when) {
            Confirmation before = told;
            if (when == null || before == null) {
                return last.isBefore(said);
            }
            if (when.follows(before)) {
                // a sum that held a batch before this gateway knew is said again: all of the batch
                // is in it, if it was asked for after the booking
                return !said.equals(last) || when.asked() - lastBooked > 0;
            }
            return !before.follows(when) && last.isBefore(said);
        }
    }

    void counted(UsageSubject subject, UsageCounts counts) {
        long key = subject.payer().key();
        if (key > 0) {
            of(key).counted(subject.day(), counts);
        }
    }

    /** The catalog has booked what was counted. */
    void booked(UsageSubject subject, UsageCounts counts) {
        long key = subject.payer().key();
        if (key > 0) {
            of(key).booked(subject.day(), counts, nanos.getAsLong());
        }
    }

    private Account of(long key) {
        return accounts.computeIfAbsent(key, _ -> new Account());
    }

    /**
     * What a key has used in the month of a day.
     *
     * @param said the catalog's sum
     * @param when it said so; null if nobody knows
     */
    public Total total(long key, Spent said, @Nullable Confirmation when, LocalDate today) {
        return of(key).total(said, when, today);
    }
}
