package dev.weft.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.trace.RequestTrace;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class ForwardMetricsTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final ForwardMetrics metrics = new ForwardMetrics(registry);

    @Test
    void onlySoManyNamesGetALabelOfTheirOwn() {
        for (int i = 0; i < ForwardMetrics.MOST_NAMES + 10; i++) {
            new Tally(metrics, RequestTrace.NONE).answered(400);
            Tally tally = new Tally(metrics, RequestTrace.NONE);
            tally.known("a" + i);
            tally.answered(200);
        }
        assertThat(requests("a0", "ok")).isEqualTo(1);
        assertThat(requests(ForwardMetrics.OTHER, "ok")).isEqualTo(10);
        assertThat(requests(ForwardMetrics.UNKNOWN, "refused"))
                .isEqualTo(ForwardMetrics.MOST_NAMES + 10);
        assertThat(registry.get("weft.gateway.requests").counters())
                .hasSize(ForwardMetrics.MOST_NAMES + 2);
    }

    @Test
    void aRequestIsBookedOnceWithItsFirstOutcome() {
        Tally tally = new Tally(metrics, RequestTrace.NONE);
        assertThat(registry.get("weft.gateway.requests.in.flight").gauge().value()).isEqualTo(1);
        tally.known("sql");
        tally.book(Outcome.BROKEN, "worker_failed");
        tally.failed(new IllegalStateException("later"));
        assertThat(requests("sql", "broken")).isEqualTo(1);
        assertThat(registry.get("weft.gateway.requests").counters()).hasSize(1);
        assertThat(registry.get("weft.gateway.requests.in.flight").gauge().value()).isZero();
    }

    private double requests(String adapter, String outcome) {
        return registry.get("weft.gateway.requests")
                .tags("adapter", adapter, "outcome", outcome)
                .counter()
                .count();
    }
}
