package dev.weft.catalog.usage;

import dev.weft.access.holder.Spent;
import dev.weft.catalog.database.Database;
import dev.weft.protocol.usage.UsageBatch;
import dev.weft.protocol.usage.UsageCounts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;

/** Books what gateways count, and adds it up. Calls block. Safe for any thread. */
public final class UsageBooks {
    /**
     * A gateway that hands a batch over twice does so within this time: a journal that is older is
     * thrown away.
     */
    private static final Duration REMEMBERED = UsageBatch.LONGEST_WAIT.plus(Duration.ofDays(1));

    /** Transactions lock rows in one order, so that two of them don't wait for each other. */
    private static final Comparator<UsageBatch.Line> ORDER =
            Comparator.comparing(line -> line.subject().toString());

    private final Database database;
    private final int days;
    private final Clock clock;

    /**
     * @param days for which usage is kept at least; then whole months are removed
     */
    public UsageBooks(Database database, int days, Clock clock) {
        this.database = database;
        this.days = days;
        this.clock = clock;
    }

    /** Books a batch, unless it, or a later one of its instance, was booked before. */
    public void book(UsageBatch batch) {
        List<UsageBatch.Line> lines = batch.lines().stream().sorted(ORDER).toList();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        database.transaction(tx -> {
            boolean fresh = InstanceTable.take(tx, batch.instance(), batch.number(), now);
            if (fresh) {
                lines.forEach(line -> UsageTable.add(tx, line));
                if (batch.number() == 1) {
                    InstanceTable.forget(tx, now.minus(REMEMBERED));
                }
            }
            return fresh;
        });
    }

    /** The first day that is kept: a month is kept as a whole, or not at all. */
    LocalDate firstDay() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC)
                .minusDays(days)
                .withDayOfMonth(1);
    }

    /**
     * Removes some of the usage that is kept no longer, the oldest first.
     *
     * @param most rows at once
     * @return how many; {@code most} if there may be more
     */
    int forget(int most) {
        LocalDate first = firstDay();
        return database.transaction(tx -> UsageTable.removeBefore(tx, first, most));
    }

    /** What a key has used this month. */
    public Spent spent(long key) {
        LocalDate month = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).withDayOfMonth(1);
        UsageCounts used = database.transaction(tx -> UsageQuery.ofKey(tx, key, month));
        return new Spent(month, used.tokens(), used.costNanos());
    }

    /**
     * Sums in the order of their groups. Counts of days before {@link #firstDay} are left out, even
     * if they aren't removed yet.
     *
     * @param place where the sums begin
     */
    List<UsageSum> sums(UsageSelection asked, UsagePlace place, int limit) {
        UsageSelection kept = asked.notBefore(firstDay());
        return database.transaction(tx -> UsageQuery.sums(tx, kept, place, limit));
    }
}
