package dev.weft.inference.server.http.request;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.inference.server.completion.CompletionRequest;
import dev.weft.inference.server.completion.GenerationSettings;
import dev.weft.inference.server.http.answer.AnswerHead;
import dev.weft.inference.server.http.answer.LogProbabilityFormat;
import dev.weft.inference.server.http.body.RequestMemory;
import dev.weft.inference.server.http.json.JsonFields;
import dev.weft.inference.server.models.ModelDirectory;
import dev.weft.inference.server.models.PrefixSharing;
import dev.weft.inference.server.models.ResolvedModel;
import dev.weft.inference.server.prompt.ChatProfile;
import dev.weft.inference.server.prompt.ChatProfiles;
import dev.weft.inference.server.prompt.Conversation;
import dev.weft.inference.server.prompt.RenderThreads;
import dev.weft.inference.server.residency.artifact.Deadline;
import dev.weft.inference.server.text.Tokenizer;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What requests are read against, common to all of them.
 *
 * @param adapterTimeout longest wait for an adapter
 * @param threads render chats
 * @param memory what all requests together may hold
 */
public record Serving(
        ModelDirectory models,
        PrefixSharing prefixes,
        ChatProfiles profiles,
        Tokenizer tokenizer,
        PromptEncoder encoder,
        SettingsReader settings,
        ContextBudget budget,
        Duration adapterTimeout,
        RenderThreads threads,
        ProcessMemory memory,
        Clock clock) {
    /** OpenAI allows as many choices; a request is one unit for a gateway's limits. */
    static final int MOST_CHOICES = 128;

    /** The most log-probabilities of a token, as in OpenAI's chats. */
    static final int MOST_TOP = 20;

    ResolvedModel model(JsonFields fields, @Nullable String adapterHeader) {
        fields.required("model", "the name of a model, as /v1/models lists them");
        return models.resolve(fields.text("model").orElseThrow(), adapterHeader);
    }

    /**
     * Renders a conversation as text, in memory that is taken for the request.
     *
     * @param whose they take turns
     */
    String render(
            ChatProfile profile, Conversation conversation, Object whose, RequestMemory memory)
            throws InterruptedException {
        return threads.run(whose, () -> profile.render(conversation, clock, memory::take));
    }

    Deadline adapterDeadline() {
        return Deadline.after(adapterTimeout, clock);
    }

    /** {@code n}. */
    int choices(JsonFields fields, int prompts) {
        Integer n = fields.integer("n", 1, Math.max(1, MOST_CHOICES / prompts));
        return n == null ? 1 : n;
    }

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

    /** A prompt; checks that its limits agree with each other. */
    static CompletionRequest.Prompt prompt(
            List<Integer> tokens, int maxTokens, GenerationSettings how) {
        if (how.minTokens() > maxTokens) {
            throw new ApiException(
                    ErrorCode.INVALID_VALUE,
                    "Invalid value for 'min_tokens': "
                            + how.minTokens()
                            + "; allowed: an integer from 0 to "
                            + maxTokens
                            + ", the number of tokens that may be produced",
                    "min_tokens");
        }
        return new CompletionRequest.Prompt(tokens, maxTokens);
    }
}
