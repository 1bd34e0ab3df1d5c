package dev.weft.grammar.walk;

/**
 * A place in a text.
 *
 * @param scan the state within the lexeme
 */
public record Position(Spot spot, Scan scan) {}
