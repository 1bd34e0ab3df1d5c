/**
 * An ingest as a trace: one span for all of it, one for each stage. The only package that knows
 * OpenTelemetry. No state beyond the ingest.
 */
@NullMarked
package dev.weft.catalog.trace;

import org.jspecify.annotations.NullMarked;
