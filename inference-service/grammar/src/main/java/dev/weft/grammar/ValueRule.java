package dev.weft.grammar;

import dev.weft.grammar.expression.Expression;
import org.jspecify.annotations.Nullable;

/**
 * What a value has to be: a schema, or a combination of some. What it says about each type of JSON
 * is found when it is first asked for, by {@link ValueRules}.
 */
final class ValueRule {
    /** What a rule is made of. */
    enum Op {
        TRUE,
        FALSE,
        AND,
        OR,
        NOT,
        ONE,
        ASSERTION,
        /** Another rule, by reference. */
        REFERENCE
    }

    final int id;
    final Op op;
    final ValueRule[] parts;
    final @Nullable Assertion assertion;

    /** Of a reference; null until the schema is read. */
    @Nullable ValueRule target;

    @Nullable Expression string;
    @Nullable NumberSet number;
    @Nullable Condition object;
    @Nullable Condition array;

    /** Bits of {@link ValueRules}; -1 for not yet known. */
    int constants = -1;

    Condition.Answer satisfiable = Condition.Answer.UNKNOWN;
    boolean inProgress;

    ValueRule(int id, Op op, ValueRule[] parts, @Nullable Assertion assertion) {
        this.id = id;
        this.op = op;
        this.parts = parts;
        this.assertion = assertion;
    }
}
