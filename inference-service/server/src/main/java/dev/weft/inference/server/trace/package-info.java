/**
 * A request's way through the worker as spans: the request, its adapter's load, and for each choice
 * the queue, the prompt and the answer. The only package that knows OpenTelemetry.
 */
@NullMarked
package dev.weft.inference.server.trace;

import org.jspecify.annotations.NullMarked;
