/**
 * Traces by OTLP: their content and destination, the one exporter, and the words that spans use.
 * The services make spans in their packages {@code trace}. The queue of spans is bounded. A thread
 * of its own sends them, and drops them rather than wait.
 */
@NullMarked
package dev.weft.tracing;

import org.jspecify.annotations.NullMarked;
