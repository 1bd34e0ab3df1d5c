package dev.weft.inference.server.metrics;

import dev.weft.inference.server.completion.EndReason;
import dev.weft.inference.server.completion.RequestTimes;
import dev.weft.model.adapter.AdapterDigest;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Times of requests' choices, with vLLM's names and buckets (vLLM 0.11, {@code
 * v1/metrics/loggers.py}).
 */
final class RequestMetrics implements RequestTimes {
    private static final double[] FIRST_TOKEN = {
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20,
        40, 80, 160, 640, 2560
    };
    private static final double[] NEXT_TOKEN = {
        0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40,
        80
    };
    private static final double[] REQUEST = {
        0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680
    };

    private final AdapterMetrics adapters;
    private final Histogram queue;
    private final Histogram firstToken;
    private final Histogram nextToken;
    private final Histogram whole;
    private final Map<EndReason, CounterDataPoint> answers = new EnumMap<>(EndReason.class);

    RequestMetrics(PrometheusRegistry registry, AdapterMetrics adapters) {
        this.adapters = adapters;
        this.queue =
                histogram(
                        registry,
                        "vllm:request_queue_time_seconds",
                        "Seconds from arrival to a row",
                        REQUEST);
        this.firstToken =
                histogram(
                        registry,
                        "vllm:time_to_first_token_seconds",
                        "Seconds from arrival to the first token",
                        FIRST_TOKEN);
        this.nextToken =
                histogram(
                        registry,
                        "vllm:inter_token_latency_seconds",
                        "Seconds between two tokens",
                        NEXT_TOKEN);
        this.whole =
                histogram(
                        registry,
                        "vllm:e2e_request_latency_seconds",
                        "Seconds from arrival to the end of a whole answer",
                        REQUEST);
        Counter success =
                Counter.builder()
                        .name("vllm:request_success")
                        .help("Answers that are whole")
                        .labelNames("finished_reason")
                        .withoutExemplars()
                        .register(registry);
        for (EndReason reason : EndReason.values()) {
            answers.put(reason, success.labelValues(reason.word()));
        }
    }

    private static Histogram histogram(
            PrometheusRegistry registry, String name, String help, double[] bounds) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .classicOnly()
                .classicUpperBounds(bounds)
                .withoutExemplars()
                .register(registry);
    }

    @Override
    public void queued(@Nullable AdapterDigest adapter, double seconds) {
        queue.observe(seconds);
        adapters.queued(adapter, seconds);
    }

    @Override
    public void firstToken(double seconds) {
        firstToken.observe(seconds);
    }

    @Override
    public void nextToken(double seconds) {
        nextToken.observe(seconds);
    }

    @Override
    public void answered(EndReason reason, double seconds) {
        whole.observe(seconds);
        CounterDataPoint count = answers.get(reason);
        if (count != null) {
            count.inc();
        }
    }
}
