/**
 * What becomes of requests, in figures: a {@link dev.weft.gateway.measure.Tally} keeps account of
 * one, and books it once under the label of its adapter. Event-loop threads; never blocks.
 */
@NullMarked
package dev.weft.gateway.measure;

import org.jspecify.annotations.NullMarked;
