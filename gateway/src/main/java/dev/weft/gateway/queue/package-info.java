/**
 * Where requests wait while every worker of their base is full: bounded in number and bytes, by
 * priority, and with tenants taking turns. It owns the queues of all bases, reads what workers tell
 * of themselves, and lets requests go when one of this gateway's ends, and in a loop of its own.
 * Nobody is blocked: who waits hears by a future.
 */
@NullMarked
package dev.weft.gateway.queue;

import org.jspecify.annotations.NullMarked;
