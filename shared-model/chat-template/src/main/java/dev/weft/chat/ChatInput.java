package dev.weft.chat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The input of a template. Values are those of a JSON parser: null, strings, booleans, numbers,
 * lists, maps. They are not copied, so leave them unchanged until the template is rendered.
 *
 * @param messages of the request; content is a string or a list of parts
 * @param tools null if the request brings none
 * @param documents null if the request brings none
 * @param specialTokens {@code bos_token} and the others, as {@link
 *     TokenizerConfig#templateVariables()} gives them
 * @param templateKwargs {@code chat_template_kwargs} of the request; they win over special tokens
 *     and must not name messages, tools, documents or add_generation_prompt
 */
public record ChatInput(
        List<? extends Map<String, ?>> messages,
        @Nullable List<?> tools,
        @Nullable List<?> documents,
        boolean addGenerationPrompt,
        Map<String, ?> specialTokens,
        Map<String, ?> templateKwargs) {
    /** Names that {@code templateKwargs} must not have. */
    public static final Set<String> RESERVED =
            Set.of("messages", "tools", "documents", "add_generation_prompt");

    public ChatInput {
        for (String name : RESERVED) {
            if (templateKwargs.containsKey(name)) {
                throw new IllegalArgumentException(
                        "chat_template_kwargs has '"
                                + name
                                + "': it has a field of its own in the request");
            }
        }
    }

    /** An input of messages alone, with a generation prompt. */
    public static ChatInput of(List<? extends Map<String, ?>> messages) {
        return new ChatInput(messages, null, null, true, Map.of(), Map.of());
    }

    /**
     * Returns this input with content of only text parts joined to one string, line by line as vLLM
     * does it, for templates that take content as a string.
     */
    public ChatInput withJoinedText() {
        List<Map<String, ?>> joined = new ArrayList<>();
        for (Map<String, ?> message : messages) {
            String text = joinedText(message.get("content"));
            if (text == null) {
                joined.add(message);
            } else {
                Map<String, @Nullable Object> copy = new LinkedHashMap<>(message);
                copy.put("content", text);
                joined.add(copy);
            }
        }
        return new ChatInput(
                joined, tools, documents, addGenerationPrompt, specialTokens, templateKwargs);
    }

    /** Null if {@code content} is not a list of text parts. */
    private static @Nullable String joinedText(@Nullable Object content) {
        if (!(content instanceof List<?> parts)) {
            return null;
        }
        List<String> texts = new ArrayList<>();
        for (Object part : parts) {
            if (!(part instanceof Map<?, ?> map) || !(map.get("text") instanceof String text)) {
                return null;
            }
            texts.add(text);
        }
        return String.join("\n", texts);
    }

    /** Variables of the template by name. */
    Map<String, @Nullable Object> variables() {
        Map<String, @Nullable Object> variables = new LinkedHashMap<>(specialTokens);
        variables.putAll(templateKwargs);
        variables.put("messages", messages);
        variables.put("tools", tools);
        variables.put("documents", documents);
        variables.put("add_generation_prompt", addGenerationPrompt);
        return variables;
    }
}
