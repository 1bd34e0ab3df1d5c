package dev.weft.grammar.rule;

import dev.weft.grammar.expression.Expression;

/**
 * What one schema's own keywords say about each type of JSON, without those that combine schemas.
 */
public interface Assertion {
    /** Bits of {@link ValueRules}: which of null, true and false are valid. */
    int constants();

    /** Valid strings, in UTF-8 and without escapes. */
    Expression string();

    /**
     * The strings about which {@link #string} decides. Of all other strings it leaves out some
     * valid ones, so that one that it does not match need not be invalid.
     */
    Expression decidedStrings();

    /** Valid numbers. */
    NumberSet number();

    /** What objects have to fulfil. */
    Condition object();

    /** What arrays have to fulfil. */
    Condition array();
}
