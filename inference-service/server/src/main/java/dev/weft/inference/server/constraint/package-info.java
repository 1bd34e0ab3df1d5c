/**
 * Constraints of answers: what a request asks an answer to be, the grammar that is compiled of it,
 * and the constraint that the engine asks about tokens. Grammars are compiled on threads of their
 * own and kept for a tenant's later requests, within a bound of bytes.
 */
@NullMarked
package dev.weft.inference.server.constraint;

import org.jspecify.annotations.NullMarked;
