package dev.weft.inference.server.constraint;

import dev.weft.grammar.TextRule;
import dev.weft.grammar.reply.TagRule;
import dev.weft.inference.engine.constraint.AnswerGuide;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The form that an answer has to have. */
public sealed interface AnswerForm {
    /** Kinds of forms, as metrics name them. */
    enum Kind {
        JSON_OBJECT,
        JSON_SCHEMA,
        REGEX,
        CHOICE,
        GRAMMAR,
        STRUCTURAL_TAG,
        TOOLS,
        REASONING
    }

    Kind kind();

    /** The text that tells this form from others of its kind. */
    String text();

    /** The rule that the answer's text follows. */
    TextRule rule();

    /**
     * The guide for engines that enforce forms by grammars of their own; empty if no engine has a
     * grammar for this form.
     */
    default Optional<AnswerGuide> guide() {
        return Optional.empty();
    }

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
        public TextRule rule() {
            return new TextRule.AnyObject();
        }

        @Override
        public Optional<AnswerGuide> guide() {
            return Optional.of(new AnswerGuide.AnyObject());
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
        public TextRule rule() {
            return new TextRule.Schema(schema);
        }

        @Override
        public Optional<AnswerGuide> guide() {
            return Optional.of(new AnswerGuide.Schema(text));
        }
    }

    /**
     * JSON that is valid by a schema and by a copy of it that is closed to other keys. The copy
     * alone would allow more below {@code not} and the like, although it has to allow less.
     *
     * @param text of both schemas
     */
    record Closed(JsonNode schema, JsonNode closed, String text) implements AnswerForm {
        /** The form of a schema and its copy. */
        public Closed(JsonNode schema, JsonNode closed) {
            this(schema, closed, closed + "\n" + schema);
        }

        @Override
        public Kind kind() {
            return Kind.JSON_SCHEMA;
        }

        @Override
        public TextRule rule() {
            return new TextRule.Schemas(List.of(schema, closed));
        }

        @Override
        public Optional<AnswerGuide> guide() {
            return Optional.of(new AnswerGuide.Schema(closed.toString()));
        }
    }

    /** Text that a regular expression matches as a whole. */
    record Regex(String text) implements AnswerForm {
        @Override
        public Kind kind() {
            return Kind.REGEX;
        }

        @Override
        public TextRule rule() {
            return new TextRule.Regex(text);
        }

        @Override
        public Optional<AnswerGuide> guide() {
            return Optional.of(new AnswerGuide.Regex(text));
        }
    }

    /** One of several given texts. */
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
        public TextRule rule() {
            return new TextRule.Choice(texts);
        }

        @Override
        public Optional<AnswerGuide> guide() {
            return Optional.of(new AnswerGuide.Choice(texts));
        }
    }

    /** Text that a grammar describes. */
    record Rules(String text) implements AnswerForm {
        @Override
        public Kind kind() {
            return Kind.GRAMMAR;
        }

        @Override
        public TextRule rule() {
            return new TextRule.Rules(text);
        }
    }

    /**
     * Text with JSON between marks.
     *
     * @param text the rule as it was written
     */
    record Tags(TagRule tags, String text) implements AnswerForm {
        @Override
        public Kind kind() {
            return Kind.STRUCTURAL_TAG;
        }

        @Override
        public TextRule rule() {
            return new TextRule.Tags(tags);
        }
    }
}
