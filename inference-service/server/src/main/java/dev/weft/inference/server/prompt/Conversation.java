package dev.weft.inference.server.prompt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A chat as a request brings it; its values are those of JSON (maps, lists, strings, numbers,
 * booleans, null).
 *
 * @param messages content is a string or a list of text parts; arguments of earlier calls are
 *     {@link CallArguments}
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
    private static final String SYSTEM = "system";

    /** How a prompt ends. */
    public enum Ending {
        /** The template opens the assistant's turn. */
        OPENED,
        /** The prompt ends behind the last message. */
        CLOSED,
        /** The reply goes on with the text of the last message. */
        CONTINUED
    }

    public Conversation {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }

    /** Whether a system message has others before it. */
    boolean hasLaterSystem() {
        return messages.stream().skip(1).anyMatch(Conversation::isSystem);
    }

    /**
     * The same conversation with one system message, at the beginning. It has the texts of all
     * system messages, each on lines of its own.
     */
    Conversation withSystemFirst() {
        List<String> texts = new ArrayList<>();
        List<Map<String, @Nullable Object>> others = new ArrayList<>();
        for (Map<String, @Nullable Object> message : messages) {
            if (isSystem(message)) {
                texts.add(text(message.get("content")));
            } else {
                others.add(message);
            }
        }
        Map<String, @Nullable Object> first = new LinkedHashMap<>();
        first.put("role", SYSTEM);
        first.put("content", String.join("\n", texts));
        others.addFirst(first);
        return new Conversation(others, tools, ending, templateKwargs);
    }

    private static boolean isSystem(Map<String, @Nullable Object> message) {
        return SYSTEM.equals(message.get("role"));
    }

    /** The text that the reply goes on with; empty if the reply begins a text of its own. */
    public String begun() {
        if (ending != Ending.CONTINUED) {
            return "";
        }
        return text(messages.getLast().get("content"));
    }

    static String text(@Nullable Object content) {
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
