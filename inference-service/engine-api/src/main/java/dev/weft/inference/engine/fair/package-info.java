/**
 * Shares an engine out among tenants: whose request gets the next place, and how much each tenant
 * has had. It reads and owns requests that wait. It has no thread, and serves one at a time.
 */
@NullMarked
package dev.weft.inference.engine.fair;

import org.jspecify.annotations.NullMarked;
