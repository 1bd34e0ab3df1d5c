/**
 * Walks the bytes of tokens through a text's lexemes, and marks the tokens that may follow: places,
 * states within lexemes, the vocabulary as a trie. Knows neither JSON nor schemas. A vocabulary is
 * shared; the rest is guarded by its grammar's lock.
 */
@NullMarked
package dev.weft.grammar.walk;

import org.jspecify.annotations.NullMarked;
