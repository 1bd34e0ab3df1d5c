/**
 * Places in a text: a state within a lexeme, what stands around the lexeme, and the bytes so far. A
 * compiled grammar is a machine that says where its text begins. Knows neither JSON nor schemas;
 * guarded by its grammar's lock.
 */
@NullMarked
package dev.weft.grammar.place;

import org.jspecify.annotations.NullMarked;
