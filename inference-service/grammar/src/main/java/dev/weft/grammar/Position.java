package dev.weft.grammar;

/**
 * A place in a text.
 *
 * @param scan the state within the lexeme
 */
record Position(Spot spot, Scan scan) {}
