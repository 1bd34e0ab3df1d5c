package dev.weft.inference.server.http.answer;

import dev.weft.inference.server.completion.ChoiceUpdate;
import dev.weft.inference.server.completion.EndReason;
import dev.weft.inference.server.completion.ScoredToken;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A choice as it grows, for an answer in one piece. One thread at a time. */
public final class ChoiceResult {
    private final StringBuilder text = new StringBuilder();
    private final List<ScoredToken> tokens = new ArrayList<>();
    private @Nullable EndReason end;

    public void add(ChoiceUpdate update) {
        text.append(update.text());
        tokens.addAll(update.tokens());
        if (update.end() != null) {
            end = update.end();
        }
    }

    String text() {
        return text.toString();
    }

    List<ScoredToken> tokens() {
        return tokens;
    }

    /** Why it ended; only when it has. */
    EndReason end() {
        if (end == null) {
            throw new IllegalStateException("the choice has not ended");
        }
        return end;
    }
}
