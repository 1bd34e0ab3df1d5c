package dev.weft.inference.server.metrics;

import dev.weft.inference.server.completion.EndReason;
import dev.weft.inference.server.completion.RequestTimes;
import dev.weft.protocol.adapter.AdapterDigest;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Times of requests' choices, with vLLM's names and buckets (vLLM 0.11, {@code
 * v1/metrics/loggers.py}). Times of a traced request become exemplars.
 */
final class ChoiceMetrics implements RequestTimes {
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
    private final TracedHistogram queue;
    private final TracedHistogram firstToken;
    private final TracedHistogram nextToken;
    private final TracedHistogram whole;
    private final Map<EndReason, CounterDataPoint> answers;

    /** The trace of the request whose times are told; null if it is not traced. */
    private final TracedHistogram.@Nullable Trace trace;

    ChoiceMetrics(PrometheusRegistry registry, AdapterMetrics adapters, Clock clock) {
        this.adapters = adapters;
        this.queue =
                histogram(
                        registry,
                        "vllm:request_queue_time_seconds",
                        "Seconds from arrival to a row",
                        REQUEST,
                        clock);
        this.firstToken =
                histogram(
                        registry,
                        "vllm:time_to_first_token_seconds",
                        "Seconds from arrival to the first token",
                        FIRST_TOKEN,
                        clock);
        this.nextToken =
                histogram(
                        registry,
                        "vllm:inter_token_latency_seconds",
                        "Seconds between two tokens",
                        NEXT_TOKEN,
                        clock);
        this.whole =
                histogram(
                        registry,
                        "vllm:e2e_request_latency_seconds",
                        "Seconds from arrival to the end of a whole answer",
                        REQUEST,
                        clock);
        this.answers = new EnumMap<>(EndReason.class);
        this.trace = null;
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

    /** Adds the trace of one request to all its values. */
    private ChoiceMetrics(ChoiceMetrics ofAll, TracedHistogram.Trace trace) {
        this.adapters = ofAll.adapters;
        this.queue = ofAll.queue;
        this.firstToken = ofAll.firstToken;
        this.nextToken = ofAll.nextToken;
        this.whole = ofAll.whole;
        this.answers = ofAll.answers;
        this.trace = trace;
    }

    private static TracedHistogram histogram(
            PrometheusRegistry registry, String name, String help, double[] bounds, Clock clock) {
        TracedHistogram made = new TracedHistogram(name, help, bounds, clock);
        registry.register(made);
        return made;
    }

    @Override
    public RequestTimes traced(String traceId, String spanId) {
        return new ChoiceMetrics(this, new TracedHistogram.Trace(traceId, spanId));
    }

    @Override
    public void queued(@Nullable AdapterDigest adapter, double seconds) {
        queue.record(seconds, trace);
        adapters.queued(adapter, seconds);
    }

    @Override
    public void firstToken(double seconds) {
        firstToken.record(seconds, trace);
    }

    @Override
    public void nextToken(double seconds) {
        nextToken.record(seconds, trace);
    }

    @Override
    public void answered(EndReason reason, double seconds) {
        whole.record(seconds, trace);
        CounterDataPoint count = answers.get(reason);
        if (count != null) {
            count.inc();
        }
    }
}
