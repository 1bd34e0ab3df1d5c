package dev.weft.inference.server.prompt;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A chat as templates see it; values are those of JSON (maps, lists, strings, numbers, booleans,
 * null).
 *
 * @param tools empty where the request brings none
 * @param addGenerationPrompt the template opens the assistant's turn
 * @param variables {@code chat_template_kwargs}
 */
public record Conversation(
        List<Map<String, @Nullable Object>> messages,
        List<Map<String, @Nullable Object>> tools,
        boolean addGenerationPrompt,
        Map<String, @Nullable Object> variables) {
    public Conversation {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }
}
