/**
 * One client's request on its way through the gateway: whose it is, how long it may take, and where
 * its use is booked. Nothing here knows workers.
 */
@NullMarked
package dev.weft.gateway.forward.request;

import org.jspecify.annotations.NullMarked;
