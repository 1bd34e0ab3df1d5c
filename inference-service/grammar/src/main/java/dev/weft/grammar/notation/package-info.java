/**
 * Reads context-free grammars as text: GBNF of llama.cpp with what XGrammar adds to it, and the
 * part of Lark that llguidance reads. A construct that a dialect has and Weft does not serve is
 * refused by name, with line and column. docs/decisions/0202-context-free-grammars.md says why it
 * is built this way.
 */
@NullMarked
package dev.weft.grammar.notation;

import org.jspecify.annotations.NullMarked;
