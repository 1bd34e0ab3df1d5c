package dev.weft.gateway.forward.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
    private final AtomicLong nanos = new AtomicLong(3);
    private final RetryBudget budget = new RetryBudget(nanos::get);

    private int spendAll() {
        int spent = 0;
        while (budget.spend()) {
            spent++;
        }
        return spent;
    }

    private void requests(int count) {
        for (int i = 0; i < count; i++) {
            budget.earn();
        }
    }

    @Test
    void tenASecondAreAlwaysAllowed() {
        assertThat(spendAll()).isEqualTo(10);
        nanos.addAndGet(500_000_000);
        assertThat(spendAll()).isEqualTo(5);
    }

    @Test
    void whoAsksTakesNothing() {
        assertThat(budget.isLeft()).isTrue();
        assertThat(spendAll()).isEqualTo(10);
        assertThat(budget.isLeft()).isFalse();
        nanos.addAndGet(100_000_000);
        assertThat(budget.isLeft()).isTrue();
        assertThat(spendAll()).isEqualTo(1);
    }

    @Test
    void aFifthOfTheRequestsMayBeMadeAgain() {
        spendAll();
        requests(101);
        assertThat(spendAll()).isEqualTo(20);
    }

    @Test
    void aLongQuietTimeSavesNoStorm() {
        requests(1_000_000);
        nanos.addAndGet(3_600_000_000_000L);
        assertThat(spendAll()).isEqualTo(100);
    }
}
