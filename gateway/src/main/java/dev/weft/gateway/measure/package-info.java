/**
 * The metrics of requests. A {@link dev.weft.gateway.measure.Tally} keeps account of one request,
 * and books it once under the label of its adapter. The package runs on event-loop threads and
 * never blocks.
 */
@NullMarked
package dev.weft.gateway.measure;

import org.jspecify.annotations.NullMarked;
