package dev.weft.grammar.json;

import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.rule.Constants;
import dev.weft.grammar.rule.ValueRules;
import dev.weft.grammar.scan.NumberScans;
import dev.weft.grammar.walk.StringScans;

/** What the machines of one grammar have in common. */
public record SharedStates(
        ValueRules rules, Constants constants, StringScans strings, NumberScans numbers) {
    /** The states of a grammar of JSON alone. */
    public static SharedStates of(Expressions pool) {
        return of(pool, false);
    }

    /** The states of a grammar with values within other text. */
    public static SharedStates withinText(Expressions pool) {
        return of(pool, true);
    }

    private static SharedStates of(Expressions pool, boolean withinText) {
        ValueRules rules = new ValueRules(pool);
        return new SharedStates(
                rules,
                new Constants(rules),
                new StringScans(pool),
                new NumberScans(pool, withinText));
    }
}
