package dev.weft.inference.engine.constraint;

import java.util.List;

/** The form that an answer must have, for engines that enforce it with a grammar of their own. */
public sealed interface AnswerGuide {
    /** Any JSON object. */
    record AnyObject() implements AnswerGuide {}

    /**
     * JSON that a schema allows.
     *
     * @param json the schema as JSON
     */
    record Schema(String json) implements AnswerGuide {}

    /**
     * Text that an expression matches as a whole.
     *
     * @param pattern in ECMA-262's syntax
     */
    record Regex(String pattern) implements AnswerGuide {}

    /** One of the listed texts. */
    record Choice(List<String> texts) implements AnswerGuide {
        public Choice {
            texts = List.copyOf(texts);
        }
    }
}
