package dev.weft.grammar.notation;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.limit.GrammarErrors;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.production.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The texts of terminals, which may be made of each other but not of themselves. */
final class LarkTerminals {
    private final Expressions pool;
    private final TextCursor text;
    private final RuleNames names;
    private final Map<Integer, Expression> found = new HashMap<>();
    private final Set<Integer> open = new HashSet<>();

    LarkTerminals(Expressions pool, TextCursor text, RuleNames names) {
        this.pool = pool;
        this.text = text;
        this.names = names;
    }

    /** A terminal's text. */
    Expression text(int terminal) throws GrammarException {
        Expression known = found.get(terminal);
        if (known == null) {
            RuleNames.Named named = names.get(terminal);
            if (!open.add(terminal)) {
                throw text.invalid(
                        named.defined,
                        "terminal '%s' is made of itself; only rules may be"
                                .formatted(GrammarErrors.shortened(named.name)));
            }
            known = text(named.body());
            open.remove(terminal);
            found.put(terminal, known);
        }
        return known;
    }

    /** The text of a part of a terminal. */
    Expression text(Part part) throws GrammarException {
        pool.budget().spend(1);
        return switch (part) {
            case Part.Text one -> one.bytes();
            case Part.Call call -> text(call.rule());
            case Part.Sequence sequence -> {
                Expression all = pool.epsilon();
                for (Part one : sequence.parts().reversed()) {
                    all = pool.concat(text(one), all);
                }
                yield all;
            }
            case Part.Either either -> {
                List<Expression> all = new ArrayList<>();
                for (Part one : either.parts()) {
                    all.add(text(one));
                }
                yield pool.or(all);
            }
            case Part.Repeated repeated ->
                    pool.repeat(text(repeated.part()), repeated.min(), repeated.max());
        };
    }

    /** A part of a rule, with the texts of terminals in place of their calls. */
    Part resolved(Part part) throws GrammarException {
        pool.budget().spend(1);
        return switch (part) {
            case Part.Text one -> one;
            case Part.Call call -> called(call);
            case Part.Sequence sequence -> new Part.Sequence(resolved(sequence.parts()));
            case Part.Either either -> new Part.Either(resolved(either.parts()));
            case Part.Repeated repeated ->
                    new Part.Repeated(resolved(repeated.part()), repeated.min(), repeated.max());
        };
    }

    private List<Part> resolved(List<Part> parts) throws GrammarException {
        List<Part> all = new ArrayList<>();
        for (Part part : parts) {
            all.add(resolved(part));
        }
        return all;
    }

    private Part called(Part.Call call) throws GrammarException {
        RuleNames.Named named = names.get(call.rule());
        if (!Lark.isTerminal(named.name)) {
            return call;
        }
        Expression found = text(call.rule());
        if (found.nullable()) {
            throw text.invalid(
                    named.defined,
                    "terminal '%s' matches the empty text; put '?' behind one that doesn't, where it is used"
                            .formatted(GrammarErrors.shortened(named.name)));
        }
        return new Part.Text(found);
    }
}
