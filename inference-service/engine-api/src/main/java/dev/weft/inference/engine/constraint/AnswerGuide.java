package dev.weft.inference.engine.constraint;

import java.util.List;

/**
 * What an answer has to be, in words, for engines that hold answers to them with a grammar of their
 * own.
 */
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

    /** One of some texts. */
    record Choice(List<String> texts) implements AnswerGuide {
        public Choice {
            texts = List.copyOf(texts);
        }
    }
}
