package dev.weft.inference.server.answer;

import dev.weft.inference.server.completion.EndReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is new in a choice's text.
 *
 * @param text to append; never ends within a character
 * @param tokens log-probabilities of the tokens whose text is out now, if the request asked for
 *     them
 * @param end set on the last update of a choice
 * @param stop the stop string that ended it; null if none did
 * @param asked whether a stop string or a stop token of the request ended it, not the model
 */
record TextUpdate(
        String text,
        List<ScoredToken> tokens,
        @Nullable EndReason end,
        @Nullable String stop,
        boolean asked) {
    TextUpdate {
        tokens = List.copyOf(tokens);
    }
}
