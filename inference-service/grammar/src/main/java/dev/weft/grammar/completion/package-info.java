/**
 * How an answer may end soon: from each place a text that leads to an end was walked, so that an
 * answer that is nearly out of tokens has one to follow. Reads places of any grammar, and keeps
 * what it found in it. The grammar's lock guards it.
 */
@NullMarked
package dev.weft.grammar.completion;

import org.jspecify.annotations.NullMarked;
