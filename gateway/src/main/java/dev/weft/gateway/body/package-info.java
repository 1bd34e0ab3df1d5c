/**
 * Reads {@code model} from a request's body as it streams by, without building the document. The
 * package keeps no state.
 */
@NullMarked
package dev.weft.gateway.body;

import org.jspecify.annotations.NullMarked;
