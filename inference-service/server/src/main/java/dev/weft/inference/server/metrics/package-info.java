/**
 * The worker's metrics, in Prometheus' terms; docs/metrics.md lists them. The package reads the
 * engine, the residency and the requests at each scrape; it owns counters and histograms that are
 * cheap to add to from any thread.
 */
@NullMarked
package dev.weft.inference.server.metrics;

import org.jspecify.annotations.NullMarked;
