package dev.weft.inference.engine.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class HistogramTest {
    @Test
    void aBoundBelongsToItsBucketAndWhatIsOverTheLastIsKept() {
        Histogram histogram = new Histogram(1, 2, 4);
        for (double value : new double[] {0, 1, 1.5, 2, 4, 4.5, 100}) {
            histogram.record(value);
        }
        Histogram.Snapshot snapshot = histogram.snapshot();
        assertThat(snapshot.bounds()).containsExactly(1.0, 2.0, 4.0);
        assertThat(snapshot.counts()).containsExactly(2L, 2L, 1L, 2L);
        assertThat(snapshot.sum()).isEqualTo(113);
        assertThat(snapshot.count()).isEqualTo(7);
    }

    @Test
    void addsUp() {
        Histogram one = new Histogram(1);
        one.record(0.5);
        Histogram two = new Histogram(1);
        two.record(0.25);
        two.record(3);
        assertThat(one.snapshot().plus(two.snapshot()))
                .isEqualTo(new Histogram.Snapshot(List.of(1.0), List.of(2L, 1L), 3.75));
    }

    @Test
    void refusesBoundsThatDoNotRise() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Histogram(1, 1))
                .withMessageContaining("[1.0, 1.0]");
    }
}
