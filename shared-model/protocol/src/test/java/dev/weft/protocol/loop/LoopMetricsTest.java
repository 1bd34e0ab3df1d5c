package dev.weft.protocol.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LoopMetricsTest {
    @Test
    void everyLoopIsThereAtZeroBeforeItsFirstTurn() {
        Loops loops = new Loops();
        loops.loop("one", () -> Duration.ZERO);
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register(new LoopMetrics(loops));

        Map<String, List<? extends DataPointSnapshot>> page = new TreeMap<>();
        registry.scrape()
                .forEach(metric ->
                        page.put(metric.getMetadata().getPrometheusName(), metric.getDataPoints()));

        assertThat(page).containsOnlyKeys("weft_loop_failures", "weft_loop_last_turn_seconds");
        page.values()
                .forEach(points -> {
                    assertThat(points.size()).isEqualTo(1);
                    assertThat(points.getFirst().getLabels().get("loop")).isEqualTo("one");
                    switch (points.getFirst()) {
                        case CounterSnapshot.CounterDataPointSnapshot failures ->
                                assertThat(failures.getValue()).isZero();
                        case GaugeSnapshot.GaugeDataPointSnapshot age ->
                                assertThat(age.getValue()).isZero();
                        default -> throw new AssertionError("neither a counter nor a gauge");
                    }
                });
    }
}
