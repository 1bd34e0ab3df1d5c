package dev.weft.deployment;

import dev.weft.deployment.TextTypes.Spelling;
import dev.weft.deployment.WeftSettings.LogFormat;
import java.net.URI;
import java.util.List;

/** What a deployment tells of its requests: traces and the log, in the order of WeftSettings. */
final class TracingKeys {
    private static final String TRACING = "weft.tracing.";
    private static final String LOG = "weft.log.";

    static final Key<URI> OTLP_ENDPOINT =
            Key.noDefault(
                    TRACING + "otlp-endpoint",
                    TextTypes.address(),
                    "`OTEL_EXPORTER_OTLP_ENDPOINT`, else none: nothing is traced",
                    "Collector that traces are sent to, by OTLP over HTTP (port 4318 of most);"
                            + " `/v1/traces` is added where it is missing.");
    static final Key<Double> SAMPLE_RATIO =
            Key.of(
                    TRACING + "sample-ratio",
                    NumberTypes.share(),
                    1.0,
                    "Share of the requests that are traced, of those that don't come with a"
                            + " `traceparent`; one that does is traced where it says so.");
    static final Key<Boolean> CONTENT =
            Key.of(
                    TRACING + "content",
                    NumberTypes.flag(),
                    false,
                    "Prompts and answers are written into the traces, as they are.");
    static final Key<List<PlaceTypes.Header>> HEADERS =
            Key.of(
                    TRACING + "headers",
                    ListType.of(PlaceTypes.header()),
                    List.of(),
                    "Headers that the collector asks for; each holds a secret of `weft.secrets`.");
    static final Key<LogFormat> LOG_FORMAT =
            Key.of(
                    LOG + "format",
                    TextTypes.oneOf(LogFormat.class, Spelling.KEBAB),
                    LogFormat.TEXT,
                    "Lines of the log: text for people, or a JSON object each.");
    static final Key<Boolean> LOG_REQUESTS =
            Key.of(
                    LOG + "requests",
                    NumberTypes.flag(),
                    false,
                    "The gateway logs a line for each request.");

    static final List<Key<?>> ALL =
            List.of(OTLP_ENDPOINT, SAMPLE_RATIO, CONTENT, HEADERS, LOG_FORMAT, LOG_REQUESTS);

    private TracingKeys() {}
}
