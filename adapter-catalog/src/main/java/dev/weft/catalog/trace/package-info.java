/**
 * An ingest as a trace, with one span for all of it and one for each stage. Only this package knows
 * OpenTelemetry. It keeps no state beyond the ingest.
 */
@NullMarked
package dev.weft.catalog.trace;

import org.jspecify.annotations.NullMarked;
