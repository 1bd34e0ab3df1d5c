/**
 * The change feed of the catalog: its events, the view that gateways and workers build from it, and
 * the follower that keeps the view up to date on a virtual thread of its own.
 */
@NullMarked
package dev.weft.protocol.feed;

import org.jspecify.annotations.NullMarked;
