/**
 * Server-sent events, as services write and read them. It keeps no state besides that of one
 * stream, and has no threads.
 */
@NullMarked
package dev.weft.protocol.sse;

import org.jspecify.annotations.NullMarked;
