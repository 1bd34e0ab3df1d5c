package dev.weft.inference.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.engine.statistics.Histogram;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class QueueTimesTest {
    private final QueueTimes times = new QueueTimes(2, Set.of("base"));

    @Test
    void thoseAboveTheNumberShareOneLabel() {
        for (String label : new String[] {"a", "b", "c", "a", "d", "base"}) {
            times.record(label, 0.5);
        }
        assertThat(counts(Set.of("a", "b", "c", "d")))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("a", 2L, "b", 1L, "base", 1L, "other", 2L));
    }

    @Test
    void whatWasCountedOfOneThatLeavesIsKeptAndItsLabelIsFree() {
        times.record("a", 0.5);
        times.record("b", 2);
        assertThat(counts(Set.of("b")))
                .containsExactlyInAnyOrderEntriesOf(Map.of("b", 1L, "base", 0L, "other", 1L));
        times.record("c", 3);
        times.record("a", 4);
        Map<String, Histogram.Snapshot> now = times.snapshot(Set.of("b", "c"));
        assertThat(now.keySet()).containsExactlyInAnyOrder("b", "c", "base", "other");
        assertThat(now.values().stream().mapToDouble(Histogram.Snapshot::sum).sum()).isEqualTo(9.5);
    }

    private Map<String, Long> counts(Set<String> here) {
        Map<String, Long> counts = new java.util.HashMap<>();
        times.snapshot(here).forEach((label, snapshot) -> counts.put(label, snapshot.count()));
        return counts;
    }
}
