package dev.weft.standalone.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class LatenciesTest {
    @Test
    void ofAHundredValuesTheRanksAreTheValuesThemselves() {
        var millis = new ArrayList<>(LongStream.rangeClosed(1, 100).boxed().toList());
        Collections.shuffle(millis, new Random(1));
        Latencies times =
                Latencies.of(millis.stream().mapToLong(m -> m * 1_000_000).toArray()).orElseThrow();
        assertThat(times).isEqualTo(new Latencies(100, 50.5, 1, 50, 90, 99, 100));
    }

    @Test
    void aFewValuesGiveValuesThatWereMeasured() {
        assertThat(Latencies.of(new long[] {3_000_000, 1_000_000, 2_000_000}).orElseThrow())
                .isEqualTo(new Latencies(3, 2, 1, 2, 3, 3, 3));
        assertThat(Latencies.of(new long[] {5_000_000}).orElseThrow())
                .isEqualTo(new Latencies(1, 5, 5, 5, 5, 5, 5));
    }

    /** Quantiles of the exponential distribution are -ln(1 - p). */
    @Test
    void manyValuesGiveTheQuantilesOfTheirDistribution() {
        var random = new Random(3);
        long[] nanos =
                LongStream.range(0, 200_000)
                        .map(_ -> (long) (-Math.log(1 - random.nextDouble()) * 1e7))
                        .toArray();
        Latencies times = Latencies.of(nanos).orElseThrow();
        assertThat(times.p50()).isCloseTo(10 * Math.log(2), within(0.1));
        assertThat(times.p90()).isCloseTo(10 * Math.log(10), within(0.3));
        assertThat(times.p99()).isCloseTo(10 * Math.log(100), within(1.0));
        assertThat(times.mean()).isCloseTo(10, within(0.1));
    }

    @Test
    void nothingMeasuredGivesNothing() {
        assertThat(Latencies.of(new long[0])).isEmpty();
    }
}
