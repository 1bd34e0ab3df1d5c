/**
 * Context-free grammars over the bytes of a text: rules whose bodies are made of byte expressions,
 * calls, choices and repetitions, and the states of a text that they say (Earley 1970, with sets
 * that are made once). What is found while walking is kept within a part of the grammar's memory,
 * then forgotten and found again. Knows no notation; guarded by its grammar's lock.
 */
@NullMarked
package dev.weft.grammar.production;

import org.jspecify.annotations.NullMarked;
