package dev.weft.grammar;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.limit.GrammarException;

/** Grammars in EBNF. */
final class EbnfGrammars {
    private EbnfGrammars() {}

    static Expression read(Expressions pool, String grammar) throws GrammarException {
        if (grammar.isBlank()) {
            throw new GrammarException(
                    GrammarException.Kind.INVALID, "", "grammar", "the grammar is empty");
        }
        throw new GrammarException(
                GrammarException.Kind.UNSUPPORTED,
                "",
                "grammar",
                "grammars in EBNF are not served; served are JSON Schema, regex and choice");
    }
}
