/**
 * {@code top}: workers and adapters, live, from what the workers show at {@code /metrics} and, of
 * tokens by adapter, the gateway. One thread asks and draws; each worker is asked on a virtual
 * thread, with a deadline.
 */
@NullMarked
package dev.weft.standalone.top;

import org.jspecify.annotations.NullMarked;
