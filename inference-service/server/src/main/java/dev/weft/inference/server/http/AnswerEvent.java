package dev.weft.inference.server.http;

import dev.weft.inference.server.completion.ChoiceUpdate;
import dev.weft.inference.server.completion.Usage;

/** What becomes of a request: updates of its choices, then one {@code Done}. */
sealed interface AnswerEvent {
    /** Something came to a choice. */
    record Update(ChoiceUpdate update) implements AnswerEvent {}

    /** Every choice is complete. */
    record Done(Usage usage) implements AnswerEvent {}
}
