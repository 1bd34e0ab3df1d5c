/**
 * Finds out what a server understands, then sends a load to it and keeps the outcome of every
 * request. Each stream is a virtual thread that waits for one answer before it sends the next
 * request.
 */
@NullMarked
package dev.weft.standalone.bench.run;

import org.jspecify.annotations.NullMarked;
