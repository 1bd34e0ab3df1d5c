/**
 * The states of a text that follows a context-free grammar's rules (Earley 1970, with sets that are
 * made once). What is found while walking is kept within a part of the grammar's memory, then
 * forgotten and found again. Guarded by its grammar's lock.
 */
@NullMarked
package dev.weft.grammar.parse;

import org.jspecify.annotations.NullMarked;
