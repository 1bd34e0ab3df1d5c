package dev.weft.grammar.notation;

import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.limit.GrammarErrors;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.production.Fixpoint;
import dev.weft.grammar.production.Part;
import java.util.ArrayList;
import java.util.List;

/** Checks the bodies of rules. */
final class RuleBodies {
    private RuleBodies() {}

    /**
     * The bodies of all names, by number.
     *
     * @throws GrammarException if a rule is not defined, or has no text that ends
     */
    static List<Part> checked(Expressions pool, TextCursor text, RuleNames names)
            throws GrammarException {
        names.check();
        List<Part> bodies = new ArrayList<>();
        for (int rule = 0; rule < names.size(); rule++) {
            bodies.add(names.get(rule).body());
        }
        boolean[] ends = Fixpoint.of(bodies, one -> pool.isLive(one.bytes()), pool.budget());
        for (int rule = 0; rule < ends.length; rule++) {
            if (!ends[rule]) {
                RuleNames.Named named = names.get(rule);
                throw text.invalid(
                        named.defined,
                        "'%s' matches no text: each way through it leads to itself again or to what matches nothing"
                                .formatted(GrammarErrors.shortened(named.name)));
            }
        }
        return bodies;
    }
}
