/**
 * States within a text's lexemes: numbers, fixed words, expressions. What they say about bytes is
 * found once and looked up after. Their grammar's lock guards them.
 */
@NullMarked
package dev.weft.grammar.scan;

import org.jspecify.annotations.NullMarked;
