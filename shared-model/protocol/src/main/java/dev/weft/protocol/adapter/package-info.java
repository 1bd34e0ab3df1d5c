/**
 * What names an adapter and says what became of it: ids, digests, states, reasons of refusal.
 * Immutable values; no input or output.
 */
@NullMarked
package dev.weft.protocol.adapter;

import org.jspecify.annotations.NullMarked;
