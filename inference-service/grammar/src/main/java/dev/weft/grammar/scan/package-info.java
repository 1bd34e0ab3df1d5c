/**
 * States within a text's lexemes: numbers, fixed words, expressions. What they say about bytes is
 * found once and looked up after. Guarded by their grammar's lock.
 */
@NullMarked
package dev.weft.grammar.scan;

import org.jspecify.annotations.NullMarked;
