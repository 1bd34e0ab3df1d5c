package dev.weft.inference.relay.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServerMetricsTest {
    private static final String TEXT =
            """
            # HELP vllm:num_requests_running Requests in the batch.
            # TYPE vllm:num_requests_running gauge
            vllm:num_requests_running{engine="0",model_name="a} b"} 3.0
            vllm:num_requests_running{engine="1",model_name="a} b"} 4.0 1732900000000
            vllm:num_requests_running_by_reason{reason="x"} 9.0
            vllm:kv_cache_usage_perc{engine="0"} 0.25
            vllm:kv_cache_usage_perc{engine="1"} 0.5
            plain 1e2
            nothing NaN
            broken{a="b"}
            """;

    private final ServerMetrics read =
            ServerMetrics.read(
                    TEXT,
                    Set.of(
                            "vllm:num_requests_running",
                            "vllm:kv_cache_usage_perc",
                            "plain",
                            "nothing",
                            "broken"));

    @Test
    void sumsTheSamplesOfAllEngines() {
        assertThat(read.sum(List.of("vllm:num_requests_running"))).hasValue(7);
        assertThat(read.most(List.of("vllm:kv_cache_usage_perc"))).hasValue(0.5);
        assertThat(read.sum(List.of("plain"))).hasValue(100);
    }

    @Test
    void takesTheFirstNameThatIsThere() {
        assertThat(read.sum(List.of("newer", "plain"))).hasValue(100);
        assertThat(read.sum(List.of("newer"))).isEmpty();
    }

    @Test
    void leavesOutWhatIsNoNumberOrWasNotAskedFor() {
        assertThat(read.sum(List.of("nothing"))).isEmpty();
        assertThat(read.sum(List.of("broken"))).isEmpty();
        assertThat(read.sum(List.of("vllm:num_requests_running_by_reason"))).isEmpty();
    }
}
