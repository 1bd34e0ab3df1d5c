/**
 * Who somebody is: the holder of a token or a certificate with their role, or a guest, who is what
 * a request without a token is taken for, by the connection that it came in at. Immutable; waits
 * for nothing.
 */
@NullMarked
package dev.weft.access.holder;

import org.jspecify.annotations.NullMarked;
