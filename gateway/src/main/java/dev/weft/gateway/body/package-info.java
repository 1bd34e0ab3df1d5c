/**
 * Reads {@code model} and a few more fields from a request's body, without building the document.
 * The package keeps no state.
 */
@NullMarked
package dev.weft.gateway.body;

import org.jspecify.annotations.NullMarked;
