package dev.weft.inference.server.http.request;

import dev.weft.inference.server.http.answer.AnswerHead;
import dev.weft.inference.server.http.answer.LogProbabilityFormat;
import dev.weft.inference.server.models.ResolvedModel;
import dev.weft.inference.server.text.Tokenizer;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How answers begin, and how their tokens are written. */
public record Answers(Tokenizer tokenizer, Clock clock) {
    /** How an answer's documents begin. */
    AnswerHead head(String idPrefix, ResolvedModel model, StreamOptions stream) {
        return new AnswerHead(
                idPrefix + UUID.randomUUID().toString().replace("-", ""),
                clock.instant().getEpochSecond(),
                model.name(),
                stream.usage());
    }

    /** How log-probabilities are written; null if {@code top} is negative. */
    @Nullable LogProbabilityFormat scores(int top) {
        return top < 0 ? null : new LogProbabilityFormat(tokenizer, top);
    }

    /** The tokens' text, special ones included. */
    String text(List<Integer> tokens) {
        return tokenizer.decode(tokens);
    }
}
