package dev.weft.inference.server.http.request;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the tokens of prompt and answer together; clients that ask for more are told so in
 * OpenAI's words.
 *
 * @param contextLength positions
 * @param longestAnswer tokens that the checkpoint allows an answer, at least 1
 */
public record ContextBudget(int contextLength, int longestAnswer) {
    /**
     * Tokens to produce at most for a chat.
     *
     * @param requested null if the client left it to the context
     */
    int forMessages(int promptTokens, @Nullable Integer requested) {
        int left = contextLength - promptTokens;
        if (left < 1 || (requested != null && requested > left)) {
            throw exceeded(
                    promptTokens,
                    requested,
                    " in the messages, ",
                    " in the completion). Please reduce the length of the messages or completion.",
                    "messages");
        }
        return Math.min(longestAnswer, requested == null ? left : requested);
    }

    /**
     * Tokens to produce at most for a plain prompt.
     *
     * @param otherwise used if the client asks for nothing; less near the context's end
     */
    int forPrompt(int promptTokens, @Nullable Integer requested, int otherwise) {
        int left = contextLength - promptTokens;
        if (left < 1 || (requested != null && requested > left)) {
            throw exceeded(
                    promptTokens,
                    requested,
                    " in your prompt; ",
                    " for the completion). Please reduce your prompt; or completion length.",
                    "prompt");
        }
        return Math.min(longestAnswer, requested == null ? Math.min(left, otherwise) : requested);
    }

    /** Refuses an input that is longer than the context. It may take the whole context. */
    public void checkInput(int tokens, String param) {
        if (tokens > contextLength) {
            throw new ApiException(
                    ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                    "This model's maximum context length is "
                            + contextLength
                            + " tokens. However, your "
                            + param
                            + " has "
                            + tokens
                            + " tokens. Please reduce its length.",
                    param);
        }
    }

    private ApiException exceeded(
            int promptTokens,
            @Nullable Integer requested,
            String afterPrompt,
            String afterCompletion,
            String param) {
        int completion = requested == null ? 1 : requested;
        return new ApiException(
                ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                "This model's maximum context length is "
                        + contextLength
                        + " tokens. However, you requested "
                        + ((long) promptTokens + completion)
                        + " tokens ("
                        + promptTokens
                        + afterPrompt
                        + completion
                        + afterCompletion,
                param);
    }
}
