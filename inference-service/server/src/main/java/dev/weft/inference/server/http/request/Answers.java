package dev.weft.inference.server.http.request;

import dev.weft.grammar.reply.format.CallSyntax;
import dev.weft.inference.server.http.format.AnswerHead;
import dev.weft.inference.server.http.format.CallIds;
import dev.weft.inference.server.http.format.ChatFormat;
import dev.weft.inference.server.http.format.LogProbabilityFormat;
import dev.weft.inference.server.http.format.ReplyFields;
import dev.weft.inference.server.models.ResolvedModel;
import dev.weft.inference.server.settings.ReplySettings;
import dev.weft.inference.server.text.Tokenizer;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How answers begin, and how their tokens are written. */
public record Answers(Tokenizer tokenizer, Clock clock, ReplySettings.ReasoningFields thoughts) {
    /** Characters of a call's id for Mistral's templates, which take no others. */
    private static final int SHORT_ID = 9;

    /** How an answer's documents begin. */
    public AnswerHead head(String idPrefix, ResolvedModel model, StreamOptions stream) {
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

    /** The bytes of the tokens' text. */
    long length(List<Integer> tokens) {
        return tokens.stream().mapToLong(token -> tokenizer.bytes(token).length).sum();
    }

    /** The tokens' text, special ones included. */
    String text(List<Integer> tokens) {
        return tokenizer.decode(tokens);
    }

    /** Ids of a format's calls. */
    static CallIds callIds(CallSyntax calls) {
        return new CallIds(calls.name().startsWith("mistral") ? SHORT_ID : 0);
    }

    /** How chats are answered. */
    ChatFormat chat(AnswerHead head, int choices, int top, CallSyntax calls) {
        return new ChatFormat(
                head, choices, scores(top), new ReplyFields(thoughts, callIds(calls)));
    }
}
