/**
 * States within a text's lexemes: numbers, fixed words, expressions. Their answers for bytes are
 * computed once and looked up afterwards. Their grammar's lock guards them.
 */
@NullMarked
package dev.weft.grammar.scan;

import org.jspecify.annotations.NullMarked;
