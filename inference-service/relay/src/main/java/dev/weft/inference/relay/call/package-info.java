/**
 * Talks to a server beside the worker on the worker's own behalf: loads, proofs, lists. Calls block
 * and have deadlines.
 */
@NullMarked
package dev.weft.inference.relay.call;

import org.jspecify.annotations.NullMarked;
