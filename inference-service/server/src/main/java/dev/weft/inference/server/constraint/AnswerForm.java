package dev.weft.inference.server.constraint;

import dev.weft.grammar.Grammar;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What an answer has to be. */
public sealed interface AnswerForm {
    /** Kinds of forms, as metrics name them. */
    enum Kind {
        JSON_OBJECT,
        JSON_SCHEMA,
        REGEX,
        CHOICE,
        GRAMMAR
    }

    Kind kind();

    /** What tells this form from others of its kind. */
    String text();

    /**
     * Compiles it.
     *
     * @throws GrammarException if it is not served, wrong, or too much
     */
    Grammar compile(GrammarOptions options) throws GrammarException;

    /** Any JSON object. */
    record AnyObject() implements AnswerForm {
        @Override
        public Kind kind() {
            return Kind.JSON_OBJECT;
        }

        @Override
        public String text() {
            return "";
        }

        @Override
        public Grammar compile(GrammarOptions options) throws GrammarException {
            return Grammar.jsonObject(options);
        }
    }

    /**
     * JSON that a schema says is valid.
     *
     * @param text of the schema, as it was written: the order of its keys may matter
     */
    record Schema(JsonNode schema, String text) implements AnswerForm {
        /** The form of a schema. */
        public Schema(JsonNode schema) {
            this(schema, schema.toString());
        }

        @Override
        public Kind kind() {
            return Kind.JSON_SCHEMA;
        }

        @Override
        public Grammar compile(GrammarOptions options) throws GrammarException {
            return Grammar.jsonSchema(schema, options);
        }
    }

    /** Text that a regular expression matches as a whole. */
    record Regex(String text) implements AnswerForm {
        @Override
        public Kind kind() {
            return Kind.REGEX;
        }

        @Override
        public Grammar compile(GrammarOptions options) throws GrammarException {
            return Grammar.regex(text, options);
        }
    }

    /** One of some texts. */
    record Choice(List<String> texts) implements AnswerForm {
        public Choice {
            texts = List.copyOf(texts);
        }

        @Override
        public Kind kind() {
            return Kind.CHOICE;
        }

        @Override
        public String text() {
            StringBuilder all = new StringBuilder();
            texts.forEach(text -> all.append(text.length()).append(':').append(text));
            return all.toString();
        }

        @Override
        public Grammar compile(GrammarOptions options) throws GrammarException {
            return Grammar.choice(texts, options);
        }
    }

    /** Text of a grammar. */
    record Rules(String text) implements AnswerForm {
        @Override
        public Kind kind() {
            return Kind.GRAMMAR;
        }

        @Override
        public Grammar compile(GrammarOptions options) throws GrammarException {
            return Grammar.text(text, options);
        }
    }
}
