/**
 * The names and the state of an adapter: ids, digests, states, reasons of refusal; the type in
 * which an engine keeps it; and the names of the bases that adapters are for. The values are
 * immutable; there is no input or output.
 */
@NullMarked
package dev.weft.protocol.adapter;

import org.jspecify.annotations.NullMarked;
