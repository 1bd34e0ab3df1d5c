/**
 * What the worker shows of itself, in Prometheus' terms; docs/metrics.md lists it. Reads the
 * engine, the residency and the requests when somebody scrapes; owns counters and histograms that
 * are cheap to add to from any thread.
 */
@NullMarked
package dev.weft.inference.server.metrics;

import org.jspecify.annotations.NullMarked;
