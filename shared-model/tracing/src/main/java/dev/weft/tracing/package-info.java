/**
 * Traces by OTLP: what is sent and where, the one way out, and the words that spans use. Spans are
 * made by the services, in their packages {@code trace}; what waits to be sent is bounded, sent by
 * a thread of its own, and given up rather than waited for.
 */
@NullMarked
package dev.weft.tracing;

import org.jspecify.annotations.NullMarked;
