/**
 * Shares an engine among tenants: it decides whose request gets the next place, and counts what
 * each tenant was served. It reads and owns requests that wait. It has no thread, and serves one at
 * a time.
 */
@NullMarked
package dev.weft.inference.engine.fair;

import org.jspecify.annotations.NullMarked;
