package dev.weft.inference.server.answer;

import dev.weft.grammar.reply.parser.ReplyPart;
import dev.weft.inference.server.completion.EndReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is new in a choice.
 *
 * @param parts of its reply, none of which ends within a character
 * @param tokens log-probabilities of the tokens whose text is out now, if the request asked for
 *     them
 * @param end set on the last update of a choice
 * @param stop the stop string that ended it; null if none did
 * @param asked whether a stop string or a stop token of the request ended it, not the model
 * @param cut whether it ended within the arguments of a call
 */
public record ChoiceUpdate(
        int choice,
        List<ReplyPart> parts,
        List<ScoredToken> tokens,
        @Nullable EndReason end,
        @Nullable String stop,
        boolean asked,
        boolean cut) {
    public ChoiceUpdate {
        parts = List.copyOf(parts);
        tokens = List.copyOf(tokens);
    }

    /** The text of those parts that are plain text. */
    public String text() {
        if (parts.size() == 1 && parts.getFirst() instanceof ReplyPart.Text(String only)) {
            return only;
        }
        StringBuilder all = new StringBuilder();
        for (ReplyPart part : parts) {
            if (part instanceof ReplyPart.Text(String more)) {
                all.append(more);
            }
        }
        return all.toString();
    }
}
