/**
 * {@code top}: workers and adapters, live, from the workers' {@code /metrics} and, for tokens by
 * adapter, the gateway's. One thread asks and draws; each worker is asked on a virtual thread, with
 * a deadline.
 */
@NullMarked
package dev.weft.standalone.top;

import org.jspecify.annotations.NullMarked;
