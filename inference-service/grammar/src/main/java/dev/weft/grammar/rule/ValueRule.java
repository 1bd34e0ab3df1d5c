package dev.weft.grammar.rule;

import dev.weft.grammar.expression.Expression;
import org.jspecify.annotations.Nullable;

/**
 * What a value has to be: a schema, or a combination of some. {@link ValueRules} finds its rules
 * for each type of JSON when they are first asked for.
 */
public final class ValueRule {
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
    public final ValueRule[] parts;
    public final @Nullable Assertion assertion;

    /** The target of a reference; null until the schema is read. */
    public @Nullable ValueRule target;

    @Nullable Expression string;
    @Nullable Expression decided;
    @Nullable NumberSet number;
    @Nullable Condition object;
    @Nullable Condition array;

    /** Bits of {@link ValueRules}; -1 for not yet known. */
    int constants = -1;

    public Condition.Answer satisfiable = Condition.Answer.UNKNOWN;
    public boolean inProgress;

    ValueRule(int id, Op op, ValueRule[] parts, @Nullable Assertion assertion) {
        this.id = id;
        this.op = op;
        this.parts = parts;
        this.assertion = assertion;
    }
}
