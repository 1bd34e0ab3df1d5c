package dev.weft.inference.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.engine.statistics.AdapterStatistics;
import dev.weft.inference.relay.host.ServerLoad;
import dev.weft.inference.server.beside.RelayedRequests;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RelayMetricsTest {
    private static final AdapterStatistics.Tier NONE = new AdapterStatistics.Tier(0, 0, 0);

    private final RelayedRequests requests = new RelayedRequests();

    private Map<String, Double> collect(Optional<ServerLoad.Told> told) {
        Map<String, Double> values = new TreeMap<>();
        RelayMetrics metrics =
                new RelayMetrics(
                        () -> new AdapterStatistics(NONE, NONE, 0, 0),
                        requests::counts,
                        () -> told);
        for (MetricSnapshot family : metrics.collect()) {
            String name = family.getMetadata().getName();
            if (name.startsWith("vllm:")) {
                values.put(name, value(family.getDataPoints().getFirst()));
            }
        }
        return values;
    }

    private static double value(DataPointSnapshot point) {
        return switch (point) {
            case GaugeSnapshot.GaugeDataPointSnapshot gauge -> gauge.getValue();
            case CounterSnapshot.CounterDataPointSnapshot counter -> counter.getValue();
            default -> throw new AssertionError(point.getClass());
        };
    }

    @Test
    void tellsWhatDashboardsAskEveryWorkerFor() {
        for (int i = 0; i < 5; i++) {
            requests.begin("default");
        }
        ServerLoad.Tokens tokens =
                new ServerLoad.Tokens(OptionalDouble.of(700), OptionalDouble.of(80));

        assertThat(collect(Optional.of(new ServerLoad.Told(2, 0.5, 0.01, tokens))))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "vllm:num_requests_running", 3.0,
                                "vllm:num_requests_waiting", 2.0,
                                "vllm:kv_cache_usage_perc", 0.5,
                                "vllm:prompt_tokens", 700.0,
                                "vllm:generation_tokens", 80.0));
    }

    @Test
    void leavesOutWhatTheServerDoesNotSay() {
        requests.begin("default");

        assertThat(collect(Optional.empty()))
                .containsExactlyInAnyOrderEntriesOf(Map.of("vllm:num_requests_running", 1.0));
    }
}
