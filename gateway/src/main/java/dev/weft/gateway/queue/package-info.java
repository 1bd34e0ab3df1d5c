/**
 * Requests wait here while every worker of their base is full. Their number and bytes are bounded;
 * higher priorities go first, and tenants take turns. The package owns the queues of all bases and
 * reads what workers tell of themselves. It lets requests go when one of this gateway's ends, and
 * in a loop of its own. No thread is blocked: a future tells a request that it may go on.
 */
@NullMarked
package dev.weft.gateway.queue;

import org.jspecify.annotations.NullMarked;
