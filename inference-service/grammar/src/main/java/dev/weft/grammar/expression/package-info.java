/**
 * Regular expressions over bytes with intersection and complement, matched by derivatives
 * (Brzozowski 1964). A pool of expressions belongs to one grammar, whose lock guards it.
 */
@NullMarked
package dev.weft.grammar.expression;

import org.jspecify.annotations.NullMarked;
