package dev.weft.inference.server.metrics;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The whole registry as text: in the OpenMetrics format, which alone has exemplars, if a scraper
 * asks for it, else in Prometheus' own.
 *
 * @param registry the worker's registry; asked for at each scrape
 * @param runtime what the engine's runtime says of itself, in Prometheus' own format; if there is
 *     any, the answer is in that format
 */
public record ExposedMetrics(Supplier<PrometheusMeterRegistry> registry, RuntimeMetrics runtime) {
    private static final String OPEN_METRICS = "application/openmetrics-text";
    private static final String OPEN_METRICS_TEXT = OPEN_METRICS + "; version=1.0.0; charset=utf-8";
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    /** An answer to a scraper. */
    public record Text(String contentType, String body) {}

    /**
     * Everything at this moment.
     *
     * @param accept the scraper's header of that name
     */
    public Text text(@Nullable String accept) {
        String more = runtime.text();
        boolean open = accept != null && accept.contains(OPEN_METRICS) && more.isEmpty();
        String type = open ? OPEN_METRICS_TEXT : PROMETHEUS_TEXT;
        return new Text(type, registry.get().scrape(type) + more);
    }
}
