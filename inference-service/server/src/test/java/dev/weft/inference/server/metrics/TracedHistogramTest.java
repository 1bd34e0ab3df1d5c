package dev.weft.inference.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TracedHistogramTest {
    private static final TracedHistogram.Trace FIRST =
            new TracedHistogram.Trace("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
    private static final TracedHistogram.Trace SECOND =
            new TracedHistogram.Trace("1af7651916cd43dd8448eb211c80319c", "c7ad6b7169203331");

    private Instant now = Instant.parse("2026-11-25T10:00:00Z");
    private final TracedHistogram histogram =
            new TracedHistogram("vllm:some_seconds", "Some", new double[] {1, 2}, new TestClock());

    @Test
    void countsWithAndWithoutATrace() {
        histogram.record(0.5, null);
        histogram.record(1, FIRST);
        histogram.record(9, null);

        HistogramDataPointSnapshot point = point();
        assertThat(point.getClassicBuckets().getCount(0)).isEqualTo(2);
        assertThat(point.getClassicBuckets().getCount(1)).isZero();
        assertThat(point.getClassicBuckets().getCount(2)).isEqualTo(1);
        assertThat(point.getSum()).isEqualTo(10.5);
    }

    @Test
    void eachBucketLeadsToTheTraceOfARequestThatWasInIt() {
        histogram.record(1.5, FIRST);
        histogram.record(7, SECOND);
        histogram.record(0.1, null);

        assertThat(exemplar(0, 1)).isNull();
        assertThat(exemplar(1, 2)).isEqualTo(FIRST.traceId());
        assertThat(exemplar(2, Double.POSITIVE_INFINITY)).isEqualTo(SECOND.traceId());
    }

    @Test
    void aLaterRequestTakesThePlaceOfOneThatIsASecondOld() {
        histogram.record(1.5, FIRST);
        now = now.plusMillis(999);
        histogram.record(1.6, SECOND);
        assertThat(exemplar(1, 2)).isEqualTo(FIRST.traceId());
        now = now.plus(Duration.ofMillis(1));
        histogram.record(1.6, SECOND);
        assertThat(exemplar(1, 2)).isEqualTo(SECOND.traceId());
    }

    @Test
    void aLaterRequestTakesThePlaceOfOneOfBeforeTheClockWasSetBack() {
        histogram.record(1.5, FIRST);
        now = now.minus(Duration.ofHours(1));
        histogram.record(1.6, SECOND);
        assertThat(exemplar(1, 2)).isEqualTo(SECOND.traceId());
    }

    private @Nullable String exemplar(double above, double upTo) {
        Exemplar exemplar = point().getExemplars().get(above, upTo);
        return exemplar == null ? null : exemplar.getLabels().get("trace_id");
    }

    private HistogramDataPointSnapshot point() {
        return ((HistogramSnapshot) histogram.collect()).getDataPoints().getFirst();
    }

    private final class TestClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
