package dev.weft.grammar;

import dev.weft.grammar.budget.LimitException;
import dev.weft.grammar.budget.WorkBudget;
import dev.weft.grammar.completion.Endings;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.limit.GrammarErrors;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.place.Machine;
import dev.weft.grammar.reply.ReplyGrammar;
import dev.weft.grammar.reply.format.ReplyRule;
import dev.weft.grammar.walk.TokenVocabulary;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A compiled grammar, for many requests at once. It keeps what walks through it find, within its
 * budget of memory.
 */
public final class Grammar {
    private final Machine machine;
    private final GrammarOptions options;
    private final Endings endings;
    private final Expressions pool;

    private Grammar(Machine machine, Expressions pool, GrammarOptions options) {
        this.machine = machine;
        this.pool = pool;
        this.options = options;
        this.endings = new Endings(pool);
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
            throw GrammarErrors.exceeded("the grammar", e);
        } catch (StackOverflowError e) {
            throw GrammarErrors.tooDeep("the grammar");
        } catch (RuntimeException e) {
            throw GrammarErrors.fault("the grammar", e);
        }
    }

    /**
     * A grammar of the texts that follow a rule.
     *
     * @throws GrammarException names the part of the rule that is not served or wrong
     */
    public static Grammar of(TextRule rule, GrammarOptions options) throws GrammarException {
        return make(options, pool -> rule.machine(pool, options));
    }

    /**
     * A reply that may think and call tools before text, or instead of it.
     *
     * @param text what the reply is if it calls nothing; null for any text
     * @throws GrammarException names the tool that it is about
     */
    public static Grammar reply(ReplyRule rule, @Nullable TextRule text, GrammarOptions options)
            throws GrammarException {
        return make(
                options,
                pool ->
                        ReplyGrammar.of(
                                pool,
                                rule,
                                text == null ? null : text.machine(pool, options),
                                options));
    }

    /**
     * JSON that a schema says is valid.
     *
     * @throws GrammarException names the part of the schema that is not served or wrong
     */
    public static Grammar jsonSchema(JsonNode schema, GrammarOptions options)
            throws GrammarException {
        return of(new TextRule.Schema(schema), options);
    }

    /**
     * Text that an ECMA-262 pattern matches as a whole; syntax that Python or Rust reads as
     * something else is refused.
     *
     * @throws GrammarException if the pattern is not served or wrong
     */
    public static Grammar regex(String pattern, GrammarOptions options) throws GrammarException {
        return of(new TextRule.Regex(pattern), options);
    }

    /**
     * One of some texts.
     *
     * @throws GrammarException if there are none
     */
    public static Grammar choice(List<String> choices, GrammarOptions options)
            throws GrammarException {
        return of(new TextRule.Choice(choices), options);
    }

    /**
     * Text that follows a context-free grammar: GBNF, the EBNF of XGrammar, or the part of Lark
     * that llguidance reads.
     *
     * @throws GrammarException names line and column of what is not served or wrong
     */
    public static Grammar text(String grammar, GrammarOptions options) throws GrammarException {
        return of(new TextRule.Rules(grammar), options);
    }

    /**
     * Finds what answers may begin with. Otherwise each answer would have to find it, with less
     * time.
     *
     * @throws GrammarException if finding it takes more than the budget of compiling, or if a mask
     *     still takes more than its own budget afterwards
     */
    public void prepare(TokenVocabulary vocabulary) throws GrammarException {
        long[] bits = new long[(vocabulary.size() + 63) / 64];
        GrammarOptions patient = options.withWalk(options.compileBudget());
        try {
            new TokenMatcher(machine, endings, vocabulary, patient).mask(bits, Long.MAX_VALUE);
            matcher(vocabulary).mask(bits, Long.MAX_VALUE);
        } catch (GrammarException e) {
            throw e.kind() == GrammarException.Kind.TOO_LARGE
                    ? GrammarErrors.tooManyBeginnings()
                    : e;
        }
    }

    Machine machine() {
        return machine;
    }

    /** Bytes that it holds now, what walks have found included, as far as they are counted. */
    public long bytes() {
        return pool.held();
    }

    /** Begins one answer. */
    public TokenMatcher matcher(TokenVocabulary vocabulary) {
        return new TokenMatcher(machine, endings, vocabulary, options);
    }
}
