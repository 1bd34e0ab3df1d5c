package dev.weft.grammar;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.expression.Utf8Text;
import dev.weft.grammar.limit.GrammarErrors;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.notation.GrammarText;
import dev.weft.grammar.parse.ProductionMachine;
import dev.weft.grammar.pattern.EcmaPattern;
import dev.weft.grammar.pattern.PatternException;
import dev.weft.grammar.place.Machine;
import dev.weft.grammar.place.TextMachine;
import dev.weft.grammar.production.Productions;
import dev.weft.grammar.reply.TagGrammar;
import dev.weft.grammar.reply.TagRule;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A rule that a text has to follow. */
public sealed interface TextRule {
    /**
     * Compiles it.
     *
     * @throws GrammarException if it is not served, wrong, or too much
     */
    Machine machine(Expressions pool, GrammarOptions options) throws GrammarException;

    /** JSON that a schema says is valid. */
    record Schema(JsonNode schema) implements TextRule {
        @Override
        public Machine machine(Expressions pool, GrammarOptions options) throws GrammarException {
            return JsonGrammars.schema(pool, schema, options);
        }
    }

    /** JSON that each of some schemas says is valid. */
    record Schemas(List<JsonNode> schemas) implements TextRule {
        public Schemas {
            schemas = List.copyOf(schemas);
        }

        @Override
        public Machine machine(Expressions pool, GrammarOptions options) throws GrammarException {
            return JsonGrammars.schemas(pool, schemas, options);
        }
    }

    /** Any JSON object. */
    record AnyObject() implements TextRule {
        @Override
        public Machine machine(Expressions pool, GrammarOptions options) throws GrammarException {
            return JsonGrammars.object(pool, options);
        }
    }

    /**
     * Text that an ECMA-262 pattern matches as a whole; syntax that Python or Rust reads as
     * something else is refused.
     */
    record Regex(String pattern) implements TextRule {
        @Override
        public Machine machine(Expressions pool, GrammarOptions options) throws GrammarException {
            try {
                return text(pool, EcmaPattern.answer(pool, pattern));
            } catch (PatternException e) {
                throw GrammarErrors.refused("", "regex", pattern, e);
            }
        }
    }

    /** One of some texts. */
    record Choice(List<String> choices) implements TextRule {
        public Choice {
            choices = List.copyOf(choices);
        }

        @Override
        public Machine machine(Expressions pool, GrammarOptions options) throws GrammarException {
            if (choices.isEmpty()) {
                throw new GrammarException(
                        GrammarException.Kind.INVALID,
                        "",
                        "choice",
                        "choice is empty; it has to name one text or more");
            }
            return text(pool, Utf8Text.anyOf(pool, choices));
        }
    }

    /** Text that follows a context-free grammar, in either notation. */
    record Rules(String grammar) implements TextRule {
        /**
         * Most states of the search for an answer that ends. If the search needs more, such an
         * answer is taken to exist.
         */
        private static final int MOST_STATES_OF_SEARCH = 100;

        @Override
        public Machine machine(Expressions pool, GrammarOptions options) throws GrammarException {
            Productions productions = GrammarText.read(pool, grammar);
            ProductionMachine machine =
                    new ProductionMachine(pool, productions, options.memoryBudget() / 2);
            if (productions.lexemes().longest() && !machine.mayEndEver(MOST_STATES_OF_SEARCH)) {
                throw new GrammarException(
                        GrammarException.Kind.INVALID,
                        "",
                        "",
                        "no answer ends: each terminal takes all that it can, and with it what has"
                                + " to follow");
            }
            return machine;
        }
    }

    /** Text with JSON between marks. */
    record Tags(TagRule rule) implements TextRule {
        @Override
        public Machine machine(Expressions pool, GrammarOptions options) throws GrammarException {
            return TagGrammar.of(pool, rule, options);
        }
    }

    private static Machine text(Expressions pool, Expression text) throws GrammarException {
        if (!pool.isLive(text)) {
            throw new GrammarException(
                    GrammarException.Kind.INVALID, "", "", "the grammar matches no text");
        }
        return new TextMachine(pool, text);
    }
}
