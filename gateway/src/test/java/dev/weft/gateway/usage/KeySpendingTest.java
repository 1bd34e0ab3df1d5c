package dev.weft.gateway.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.holder.Spent;
import dev.weft.protocol.usage.Payer;
import dev.weft.protocol.usage.UsageCounts;
import dev.weft.protocol.usage.UsageSubject;
import dev.weft.protocol.usage.Used;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class KeySpendingTest {
    private static final LocalDate NOVEMBER = LocalDate.parse("2026-11-01");
    private static final LocalDate LAST = LocalDate.parse("2026-11-30");
    private static final LocalDate FIRST = LocalDate.parse("2026-12-01");
    private static final UsageCounts TEN = new UsageCounts(1, 0, 6, 0, 4, 100);

    private final KeySpending spending = new KeySpending();

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

    private void assertTotal(Spent said, LocalDate today, long tokens) {
        assertThat(spending.total(3, said, today).tokens()).isEqualTo(tokens);
    }

    private static UsageSubject on(LocalDate day) {
        return new UsageSubject(day, new Payer(3, "app", "acme"), new Used("base", null));
    }
}
