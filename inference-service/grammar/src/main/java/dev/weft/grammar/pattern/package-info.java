/**
 * Regular expressions of ECMA-262 as byte expressions: their text is parsed, and what it matches is
 * built over UTF-8. Keeps no state.
 */
@NullMarked
package dev.weft.grammar.pattern;

import org.jspecify.annotations.NullMarked;
