/**
 * {@code bench routing}: simulates a fleet, and compares the gateway's choice of workers with other
 * ways. It needs no server. The table goes to standard output.
 */
@NullMarked
package dev.weft.standalone.bench.routing;

import org.jspecify.annotations.NullMarked;
