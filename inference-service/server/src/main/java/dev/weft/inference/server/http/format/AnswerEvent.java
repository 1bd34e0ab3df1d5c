package dev.weft.inference.server.http.format;

import dev.weft.inference.server.answer.ChoiceUpdate;
import dev.weft.inference.server.answer.Usage;
import dev.weft.protocol.usage.TokenCount;

/** The events of an answer: updates of its choices, then one {@code Done}. */
public sealed interface AnswerEvent {
    /**
     * A choice has something new.
     *
     * @param soFar tokens of all choices after this update
     */
    record Update(ChoiceUpdate update, TokenCount soFar) implements AnswerEvent {}

    /** Every choice is complete. */
    record Done(Usage usage) implements AnswerEvent {}
}
