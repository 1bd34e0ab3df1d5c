package dev.weft.gateway.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.holder.Confirmation;
import dev.weft.access.holder.Spent;
import dev.weft.protocol.usage.Payer;
import dev.weft.protocol.usage.UsageCounts;
import dev.weft.protocol.usage.UsageSubject;
import dev.weft.protocol.usage.Used;
import java.time.LocalDate;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class KeySpendingTest {
    private static final LocalDate NOVEMBER = LocalDate.parse("2026-11-01");
    private static final LocalDate LAST = LocalDate.parse("2026-11-30");
    private static final LocalDate FIRST = LocalDate.parse("2026-12-01");
    private static final UsageCounts TEN = new UsageCounts(1, 0, 6, 0, 4, 100);

    private final AtomicLong nanos = new AtomicLong();
    private final KeySpending spending = new KeySpending(nanos::get);

    @Test
    void whatTheCatalogHasBookedSinceItWasAskedCountsOnce() {
        Spent nothing = new Spent(NOVEMBER, 0, 0);
        spending.counted(on(LAST), TEN);
        assertTotal(nothing, LAST, 10);
        spending.booked(on(LAST), TEN);
        assertTotal(nothing, LAST, 10);
        spending.counted(on(LAST), TEN);
        assertTotal(nothing, LAST, 20);
        assertTotal(new Spent(NOVEMBER, 10, 100), LAST, 20);
        spending.booked(on(LAST), TEN);
        assertTotal(new Spent(NOVEMBER, 25, 250), LAST, 25);
    }

    /** Two tokens of one key, of which one was asked about earlier. */
    @Test
    void whatTheCatalogSaidEarlierCountsNoMore() {
        Spent nothing = new Spent(NOVEMBER, 0, 0);
        assertTotal(nothing, LAST, 0);
        spending.counted(on(LAST), TEN);
        spending.booked(on(LAST), TEN);
        Spent ten = new Spent(NOVEMBER, 10, 100);
        assertTotal(ten, LAST, 10);
        assertTotal(nothing, LAST, 10);
        spending.counted(on(LAST), TEN);
        assertTotal(nothing, LAST, 20);
        assertTotal(ten, LAST, 20);
        assertTotal(new Spent(LocalDate.parse("2026-10-01"), 900, 9_000), LAST, 20);
    }

    @Test
    void anotherMonthBeginsWithNothing() {
        spending.counted(on(LAST), TEN);
        assertTotal(new Spent(NOVEMBER, 50, 0), LAST, 60);
        assertTotal(new Spent(NOVEMBER, 50, 0), FIRST, 0);
        spending.counted(on(FIRST), TEN);
        spending.counted(on(LAST), TEN); // it ended before midnight, and is booked late
        assertTotal(new Spent(NOVEMBER, 50, 0), FIRST, 10);
        spending.booked(on(LAST), TEN);
        assertTotal(new Spent(FIRST, 0, 0), FIRST, 10);
        spending.booked(on(FIRST), TEN);
        assertTotal(new Spent(FIRST, 10, 100), FIRST, 10);
    }

    /** The catalog has lost what was booked since its backup. */
    @Test
    void aLowerSumThatWasAskedForLaterCounts() {
        Spent high = new Spent(NOVEMBER, 90, 900);
        Spent low = new Spent(NOVEMBER, 40, 400);
        spending.counted(on(LAST), TEN);
        spending.booked(on(LAST), TEN);
        assertTotal(high, new Confirmation(10, 20), 90);
        assertTotal(low, new Confirmation(19, 30), 90);
        assertTotal(low, new Confirmation(20, 30), 40);
        assertTotal(high, new Confirmation(10, 20), 40);
        spending.counted(on(LAST), TEN);
        assertTotal(low, new Confirmation(50, 60), 50);
        assertTotal(high, new Confirmation(70, 80), 100);
    }

    /** The answer to a batch was lost or late: its sum is told before the batch is known booked. */
    @Test
    void aSumThatHeldABatchBeforeItWasKnownBookedCountsOnceAgain() {
        Spent ten = new Spent(NOVEMBER, 10, 100);
        spending.counted(on(LAST), TEN);
        assertTotal(ten, new Confirmation(10, 20), 20);
        nanos.set(30);
        spending.booked(on(LAST), TEN);
        assertTotal(ten, new Confirmation(25, 40), 20);
        assertTotal(ten, new Confirmation(50, 60), 10);
        spending.counted(on(LAST), TEN);
        assertTotal(ten, new Confirmation(70, 80), 20);
    }

    /** A clock that was a month ahead, or steps back over the turn of a month. */
    @Test
    void aMonthThatTheClockHasLeftAgainCountsNoMore() {
        Spent november = new Spent(NOVEMBER, 50, 0);
        assertTotal(november, FIRST, 0);
        spending.counted(on(FIRST), TEN);
        assertTotal(november, FIRST, 10);

        assertTotal(november, LAST, 50);
        spending.counted(on(LAST), TEN);
        assertTotal(november, LAST, 60);

        spending.booked(on(FIRST), TEN);
        assertTotal(new Spent(FIRST, 10, 100), FIRST, 10);
        spending.counted(on(FIRST), TEN);
        assertTotal(new Spent(FIRST, 10, 100), FIRST, 20);
    }

    @Test
    void whatIsCountedForALaterDayMovesNoMonth() {
        Spent november = new Spent(NOVEMBER, 50, 0);
        spending.counted(on(FIRST), TEN);
        spending.booked(on(FIRST.plusYears(3)), TEN);
        assertTotal(november, LAST, 50);
        spending.counted(on(LAST), TEN);
        assertTotal(november, LAST, 60);
    }

    @Test
    void aMonthThatTheCatalogWasAheadInCountsUntilItSaysOtherwise() {
        spending.counted(on(LAST), TEN);
        assertTotal(new Spent(FIRST, 0, 0), new Confirmation(10, 20), 10);
        assertTotal(new Spent(NOVEMBER, 70, 700), new Confirmation(19, 30), 10);
        assertTotal(new Spent(NOVEMBER, 80, 800), new Confirmation(20, 30), 90);
        assertTotal(new Spent(FIRST, 0, 0), new Confirmation(10, 20), 90);
    }

    /** Of answers that were all asked for at once. */
    private void assertTotal(Spent said, LocalDate today, long tokens) {
        Confirmation any = new Confirmation(0, 1);
        assertThat(spending.total(3, said, any, today).tokens()).isEqualTo(tokens);
    }

    private void assertTotal(Spent said, Confirmation when, long tokens) {
        assertThat(spending.total(3, said, when, LAST).tokens()).isEqualTo(tokens);
    }

    private static UsageSubject on(LocalDate day) {
        return new UsageSubject(day, new Payer(3, "app", "acme"), new Used("base", null));
    }
}
