package dev.weft.inference.server.http.request;

import dev.weft.inference.server.completion.CompletionRequest;
import dev.weft.inference.server.completion.GenerationSettings;
import dev.weft.inference.server.http.json.JsonFields;
import dev.weft.inference.server.http.request.rule.Constraints;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.util.List;

/** The parts by which all requests are read. */
public record Serving(
        ServedModels models,
        Chats chats,
        PromptEncoder encoder,
        SettingsReader settings,
        Constraints constraints,
        Answers answers) {
    /** OpenAI allows as many choices; a request is one unit for a gateway's limits. */
    static final int MOST_CHOICES = 128;

    /** The most log-probabilities of a token, as in OpenAI's chats. */
    static final int MOST_TOP = 20;

    /** {@code n}. */
    int choices(JsonFields fields, int prompts) {
        Integer n = fields.integer("n", 1, Math.max(1, MOST_CHOICES / prompts));
        return n == null ? 1 : n;
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
        if (how.constraints() != null) {
            how.constraints().check(maxTokens);
        }
        return new CompletionRequest.Prompt(tokens, maxTokens);
    }
}
