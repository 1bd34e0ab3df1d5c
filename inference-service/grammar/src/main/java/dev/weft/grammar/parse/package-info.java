/**
 * The states of a text that follows a context-free grammar's rules (Earley 1970, with sets that are
 * made once). Results of walks are kept within a part of the grammar's memory, then forgotten and
 * found again. Its grammar's lock guards it.
 */
@NullMarked
package dev.weft.grammar.parse;

import org.jspecify.annotations.NullMarked;
