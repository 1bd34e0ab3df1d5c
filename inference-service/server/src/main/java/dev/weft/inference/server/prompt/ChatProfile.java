package dev.weft.inference.server.prompt;

import dev.weft.model.error.ApiException;
import dev.weft.model.error.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How to talk to the base or to one adapter.
 *
 * @param plain renders chats; null where neither the checkpoint nor the adapter has a template
 * @param withTools renders chats that bring tools; the same as {@code plain} where there is but one
 * @param specialTokens variables of the templates
 * @param endTokens tokens that end an answer
 */
public record ChatProfile(
        @Nullable PromptTemplate plain,
        @Nullable PromptTemplate withTools,
        Map<String, Object> specialTokens,
        Set<Integer> endTokens) {
    public ChatProfile {
        endTokens = Set.copyOf(endTokens);
    }

    /**
     * Text of a conversation.
     *
     * @throws ApiException where there is no template, or it refuses the conversation
     */
    public String render(Conversation chat) {
        PromptTemplate template = chat.tools().isEmpty() ? plain : withTools;
        if (template == null) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST,
                    "This model has no chat template: use /v1/completions with a prompt",
                    "messages");
        }
        Map<String, @Nullable Object> variables = new LinkedHashMap<>(specialTokens);
        variables.putAll(chat.variables());
        variables.put("messages", chat.messages());
        variables.put("tools", chat.tools().isEmpty() ? null : chat.tools());
        variables.put("add_generation_prompt", chat.addGenerationPrompt());
        return template.render(variables);
    }
}
