/**
 * Background loops. Each runs on a virtual thread of its own, is watched, and goes on after any
 * failure. A service has one {@link Loops}, which owns the counts and knows the loops that run.
 */
@NullMarked
package dev.weft.protocol.loop;

import org.jspecify.annotations.NullMarked;
