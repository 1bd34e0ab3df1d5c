/**
 * The identity of a sender. It is the holder of a token or a certificate, with their role, or a
 * guest. A request without a token counts as a guest's, depending on the connection that it came
 * by. The values are immutable and wait for nothing.
 */
@NullMarked
package dev.weft.access.holder;

import org.jspecify.annotations.NullMarked;
