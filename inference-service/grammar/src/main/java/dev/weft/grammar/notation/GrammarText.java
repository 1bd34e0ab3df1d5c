package dev.weft.grammar.notation;

import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.production.Productions;
import java.util.regex.Pattern;

/** Grammars as text, whichever dialect they are in. */
public final class GrammarText {
    /** Characters; far more than any grammar that a model could follow. */
    private static final int MOST_LENGTH = 500_000;

    /**
     * A line on which a rule of EBNF begins. vLLM looks for {@code ::=} anywhere but in comments,
     * so it takes Lark with such a text for EBNF.
     */
    private static final Pattern EBNF_RULE =
            Pattern.compile("(?m)^[ \\t]*+([\\w.-]*+)[ \\t]*+(\\[[^\\]\\n]*+\\])?[ \\t]*+::=");

    private GrammarText() {}

    /**
     * Reads a grammar: EBNF if a line begins with a name and {@code ::=}, else Lark.
     *
     * @throws GrammarException names the line and column of what is wrong or not served
     */
    public static Productions read(Expressions pool, String text) throws GrammarException {
        if (text.isBlank()) {
            throw new GrammarException(
                    GrammarException.Kind.INVALID,
                    "",
                    "",
                    "it is empty; allowed: rules in GBNF (root ::= ...) or Lark (start: ...)");
        }
        if (text.length() > MOST_LENGTH) {
            throw new GrammarException(
                    GrammarException.Kind.TOO_LARGE,
                    "",
                    "",
                    "it has %d characters, %d are allowed".formatted(text.length(), MOST_LENGTH));
        }
        TextCursor cursor = new TextCursor(text);
        return EBNF_RULE.matcher(text).find()
                ? new Gbnf(pool, cursor).read()
                : new Lark(pool, cursor).read();
    }
}
