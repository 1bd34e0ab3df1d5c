package dev.weft.grammar;

import dev.weft.grammar.expression.EcmaPattern;
import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.expression.LimitException;
import dev.weft.grammar.expression.PatternException;
import dev.weft.grammar.expression.WorkBudget;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.limit.Limits;
import dev.weft.grammar.walk.Machine;
import dev.weft.grammar.walk.TextMachine;
import dev.weft.grammar.walk.TokenVocabulary;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A compiled grammar, for many requests at once. What walks through it find is kept in it, within
 * its budget of memory.
 */
public final class Grammar {
    private final Machine machine;
    private final GrammarOptions options;
    private final Expressions pool;

    private Grammar(Machine machine, Expressions pool, GrammarOptions options) {
        this.machine = machine;
        this.pool = pool;
        this.options = options;
    }

    /** Makes a machine, or gives up. */
    private interface Maker {
        Machine make(Expressions pool) throws GrammarException;
    }

    private static Grammar make(GrammarOptions options, Maker maker) throws GrammarException {
        WorkBudget budget = new WorkBudget();
        budget.begin(options.compileBudget(), Long.MAX_VALUE, options.cancelled());
        try {
            Expressions pool = new Expressions(budget, options.memoryBudget());
            return new Grammar(maker.make(pool), pool, options);
        } catch (LimitException e) {
            throw Limits.exceeded("the grammar", e);
        } catch (StackOverflowError e) {
            throw Limits.tooDeep("the grammar");
        }
    }

    /**
     * JSON that a schema says is valid.
     *
     * @throws GrammarException names the part of the schema that is not served or wrong
     */
    public static Grammar jsonSchema(JsonNode schema, GrammarOptions options)
            throws GrammarException {
        return make(options, pool -> JsonGrammars.schema(pool, schema, options));
    }

    /** Any JSON object. */
    public static Grammar jsonObject(GrammarOptions options) throws GrammarException {
        return make(options, pool -> JsonGrammars.object(pool, options));
    }

    /**
     * Text that an ECMA-262 pattern matches as a whole.
     *
     * @throws GrammarException if the pattern is not served or wrong
     */
    public static Grammar regex(String pattern, GrammarOptions options) throws GrammarException {
        return make(
                options,
                pool -> {
                    try {
                        return text(pool, EcmaPattern.whole(pool, pattern));
                    } catch (PatternException e) {
                        throw Limits.refused("", "regex", pattern, e);
                    }
                });
    }

    /**
     * One of some texts.
     *
     * @throws GrammarException if there are none
     */
    public static Grammar choice(List<String> choices, GrammarOptions options)
            throws GrammarException {
        if (choices.isEmpty()) {
            throw new GrammarException(
                    GrammarException.Kind.INVALID,
                    "",
                    "choice",
                    "choice is empty; it has to name one text or more");
        }
        List<byte[]> texts =
                choices.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
        return make(options, pool -> text(pool, pool.literals(texts)));
    }

    /**
     * Text of a grammar in EBNF.
     *
     * @throws GrammarException always: it is not served yet
     */
    public static Grammar text(String grammar, GrammarOptions options) throws GrammarException {
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

    private static Machine text(Expressions pool, Expression text) throws GrammarException {
        if (!pool.isLive(text)) {
            throw new GrammarException(
                    GrammarException.Kind.INVALID, "", "", "the grammar matches no text");
        }
        return new TextMachine(pool, text);
    }

    Machine machine() {
        return machine;
    }

    /** Bytes that it holds now, what walks have found included, as far as they are counted. */
    public long bytes() {
        machine.lock().lock();
        try {
            return pool.held();
        } finally {
            machine.lock().unlock();
        }
    }

    /** Begins one answer. */
    public TokenMatcher matcher(TokenVocabulary vocabulary) {
        return new TokenMatcher(machine, vocabulary, options);
    }
}
