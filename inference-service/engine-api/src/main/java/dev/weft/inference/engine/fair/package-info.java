/**
 * Shares an engine out among tenants: who has the next place, and who has had how much. Reads and
 * owns requests that wait; no thread of its own, and for one at a time.
 */
@NullMarked
package dev.weft.inference.engine.fair;

import org.jspecify.annotations.NullMarked;
