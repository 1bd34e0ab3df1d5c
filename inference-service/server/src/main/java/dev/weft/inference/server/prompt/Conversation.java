package dev.weft.inference.server.prompt;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A chat as a request brings it; its values are those of JSON (maps, lists, strings, numbers,
 * booleans, null).
 *
 * @param messages content is a string or a list of text parts
 * @param tools empty if the request brings none
 * @param addGenerationPrompt whether the template opens the assistant's turn
 * @param templateKwargs {@code chat_template_kwargs}; none of the names that {@code ChatInput}
 *     reserves
 */
public record Conversation(
        List<Map<String, @Nullable Object>> messages,
        List<Map<String, @Nullable Object>> tools,
        boolean addGenerationPrompt,
        Map<String, @Nullable Object> templateKwargs) {
    public Conversation {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }
}
