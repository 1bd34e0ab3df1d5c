package dev.weft.inference.server.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A chat as a request brings it; its values are those of JSON (maps, lists, strings, numbers,
 * booleans, null).
 *
 * @param messages content is a string or a list of text parts
 * @param tools empty if the request brings none
 * @param ending how the prompt ends
 * @param templateKwargs {@code chat_template_kwargs}; none of the names that {@code ChatInput}
 *     reserves
 */
public record Conversation(
        List<Map<String, @Nullable Object>> messages,
        List<Map<String, @Nullable Object>> tools,
        Ending ending,
        Map<String, @Nullable Object> templateKwargs) {
    /** How a prompt ends. */
    public enum Ending {
        /** The template opens the assistant's turn. */
        OPENED,
        /** It ends behind the last message. */
        CLOSED,
        /** The reply goes on with the text of the last message. */
        CONTINUED
    }

    public Conversation {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }

    /** The text that the reply goes on with; empty if it begins one. */
    public String begun() {
        if (ending != Ending.CONTINUED) {
            return "";
        }
        Object content = messages.getLast().get("content");
        if (!(content instanceof List<?> parts)) {
            return String.valueOf(content);
        }
        List<String> texts = new ArrayList<>();
        for (Object part : parts) {
            texts.add(String.valueOf(((Map<?, ?>) part).get("text")));
        }
        return String.join("\n", texts);
    }
}
