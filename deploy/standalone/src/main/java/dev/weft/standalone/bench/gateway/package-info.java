/**
 * {@code bench gateway}: what a gateway adds to requests. It starts a catalog, gateways and a bare
 * route of Spring Cloud Gateway in processes of their own, before a worker that answers at once,
 * and sends each the same requests at the same rate in turn. The table goes to standard output.
 */
@NullMarked
package dev.weft.standalone.bench.gateway;

import org.jspecify.annotations.NullMarked;
