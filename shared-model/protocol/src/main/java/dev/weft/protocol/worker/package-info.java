/**
 * The state that a worker tells gateways, what gateways tell a worker with a request, and the form
 * of both on the wire.
 */
@NullMarked
package dev.weft.protocol.worker;

import org.jspecify.annotations.NullMarked;
