/**
 * Which tokens an answer may go on with: JSON Schema, regular expressions, choices. A {@link
 * dev.weft.grammar.Grammar} is compiled once and used by many requests, a {@link
 * dev.weft.grammar.TokenMatcher} belongs to one answer and one thread at a time. Reads Jackson's
 * trees; owns nothing outside the heap; no threads of its own; every compile and every mask has a
 * budget. docs/decisions/0194-grammars.md says why it is built this way.
 */
@NullMarked
package dev.weft.grammar;

import org.jspecify.annotations.NullMarked;
