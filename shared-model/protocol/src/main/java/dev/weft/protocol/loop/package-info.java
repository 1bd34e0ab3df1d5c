/**
 * Background loops: each on a virtual thread of its own, taken on after whatever fails in it, and
 * watched. A service has one {@link Loops}, which owns the counts and knows the loops that run.
 */
@NullMarked
package dev.weft.protocol.loop;

import org.jspecify.annotations.NullMarked;
