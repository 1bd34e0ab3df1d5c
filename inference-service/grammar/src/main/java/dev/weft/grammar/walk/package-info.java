/**
 * Walks the bytes of tokens through a text's places, and marks the tokens that may follow: the
 * vocabulary as a trie, and the states whose masks are found for whole classes of tokens. A
 * vocabulary is shared; the rest is guarded by its grammar's lock.
 */
@NullMarked
package dev.weft.grammar.walk;

import org.jspecify.annotations.NullMarked;
