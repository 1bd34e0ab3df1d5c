package dev.weft.tracing;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which traces are made, and where they go.
 *
 * @param endpoint the collector's address for traces, path included; null for no traces
 * @param sampleRatio share of the traces begun here that is recorded, 0 to 1; a trace that another
 *     service began is recorded if that service says so
 * @param content whether prompts and answers are part of traces
 * @param headers sent to the collector, asked for with each request to it
 * @param resource attributes of the process, besides the service's name
 * @param pause between two requests to the collector if few spans wait
 */
public record TracingOptions(
        @Nullable URI endpoint,
        double sampleRatio,
        boolean content,
        Supplier<Map<String, String>> headers,
        Map<String, String> resource,
        Duration pause) {
    /** OpenTelemetry's own default. */
    public static final Duration USUAL_PAUSE = Duration.ofSeconds(5);

    /** No traces. */
    public static final TracingOptions OFF =
            new TracingOptions(null, 0, false, Map::of, Map.of(), USUAL_PAUSE);

    public TracingOptions {
        if (!(sampleRatio >= 0 && sampleRatio <= 1)) {
            throw new IllegalArgumentException("sampleRatio " + sampleRatio + ": 0 to 1");
        }
        resource = Map.copyOf(resource);
    }

    /** Leaves the headers out. */
    @Override
    public String toString() {
        return "TracingOptions[" + endpoint + ", " + sampleRatio + ", content=" + content + "]";
    }
}
