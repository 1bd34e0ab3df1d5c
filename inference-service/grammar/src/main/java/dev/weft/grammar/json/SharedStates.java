package dev.weft.grammar.json;

import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.rule.Constants;
import dev.weft.grammar.rule.ValueRules;
import dev.weft.grammar.scan.NumberScans;
import dev.weft.grammar.walk.StringScans;

/** What the machines of one grammar have in common. */
public record SharedStates(
        ValueRules rules, Constants constants, StringScans strings, NumberScans numbers) {
    /** The states of a grammar of JSON alone. */
    public static SharedStates of(Expressions pool, GrammarOptions options) {
        return of(pool, options, false);
    }

    /** The states of a grammar with values within other text. */
    public static SharedStates withinText(Expressions pool, GrammarOptions options) {
        return of(pool, options, true);
    }

    private static SharedStates of(Expressions pool, GrammarOptions options, boolean withinText) {
        ValueRules rules = new ValueRules(pool, options.numbers());
        return new SharedStates(
                rules,
                new Constants(rules),
                new StringScans(pool),
                new NumberScans(pool, withinText));
    }
}
