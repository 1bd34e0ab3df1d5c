package dev.weft.grammar;

import org.jspecify.annotations.Nullable;

/**
 * A place in a text between or around lexemes: everything that counts but the state within the
 * lexeme. Immutable but for what it remembers; guarded by its grammar.
 */
interface Spot {
    /**
     * Goes on with a byte that a lexeme left to what surrounds it.
     *
     * @param trail ends with that byte
     * @param start offset in the trail at which the lexeme began
     * @return null if the byte is not allowed
     */
    @Nullable Position exit(Scan scan, int b, Trail trail, int start);

    /** Whether the answer may end here. */
    boolean mayEnd(Scan scan);
}
