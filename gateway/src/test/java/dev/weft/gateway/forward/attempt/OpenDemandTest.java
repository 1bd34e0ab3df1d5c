package dev.weft.gateway.forward.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OpenDemandTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final AtomicInteger waits = new AtomicInteger();
    private final OpenDemand demand = new OpenDemand(nanos::get, waits::incrementAndGet);

    private void pass() {
        nanos.addAndGet(OpenDemand.SHORT.toNanos() + 1);
    }

    @Test
    void whoAsksInTimeKeepsNothingWaiting() {
        demand.asked(1);
        pass();
        demand.given();
        nanos.addAndGet(OpenDemand.SHORT.toNanos());
        demand.asked(2);
        demand.given();
        pass();
        demand.asked(1);
        demand.given();
        pass();
        demand.given();
        demand.asked(5);
        assertThat(waits).hasValue(0);
    }

    @Test
    void whoAsksLateKeepsWaiting() {
        demand.asked(2);
        demand.given();
        demand.given();
        pass();
        demand.asked(1);
        assertThat(waits).hasValue(1);
        demand.asked(1);
        assertThat(waits).hasValue(1);
    }

    @Test
    void whoAsksForEverythingKeepsNothingWaiting() {
        demand.asked(3);
        demand.asked(Long.MAX_VALUE);
        demand.asked(Long.MAX_VALUE);
        for (int i = 0; i < 10; i++) {
            demand.given();
            pass();
            demand.asked(1);
        }
        assertThat(waits).hasValue(0);
    }
}
