package dev.weft.inference.server.metrics;

/** The metrics that the engine's runtime has of itself; asked for at each scrape. */
@FunctionalInterface
interface RuntimeMetrics {
    /** Metrics in Prometheus' text format and under the runtime's names; empty if it has none. */
    String text();
}
