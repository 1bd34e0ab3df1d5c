/**
 * The names and the state of an adapter: ids, digests, states, reasons of refusal. The values are
 * immutable; there is no input or output.
 */
@NullMarked
package dev.weft.protocol.adapter;

import org.jspecify.annotations.NullMarked;
