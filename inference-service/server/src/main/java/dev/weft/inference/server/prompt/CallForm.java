package dev.weft.inference.server.prompt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The form in which a template takes earlier calls.
 *
 * @param textArguments whether it joins arguments as text; else it prints an object as JSON
 * @param noContent whether it writes calls only of a message whose content is null; else that of a
 *     message without text is an empty string
 */
public record CallForm(boolean textArguments, boolean noContent) {
    /** The form that most templates take. */
    public static final CallForm USUAL = new CallForm(false, false);

    /** All forms; if a template takes two, the first counts. */
    static final List<CallForm> ALL =
            List.of(
                    USUAL,
                    new CallForm(true, false),
                    new CallForm(false, true),
                    new CallForm(true, true));

    /** Messages of a {@link Conversation} as the template takes them. */
    List<Map<String, @Nullable Object>> of(List<Map<String, @Nullable Object>> messages) {
        List<Map<String, @Nullable Object>> formed = new ArrayList<>(messages.size());
        for (Map<String, @Nullable Object> message : messages) {
            formed.add(
                    message.get("tool_calls") instanceof List<?> calls
                            ? message(message, calls)
                            : message);
        }
        return formed;
    }

    /** A message with calls; its fields keep their order, since templates may print it as it is. */
    private Map<String, @Nullable Object> message(
            Map<String, @Nullable Object> message, List<?> calls) {
        List<@Nullable Object> formed = new ArrayList<>(calls.size());
        for (Object call : calls) {
            formed.add(with(call, "function", this::function));
        }
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(message);
        copy.put("tool_calls", formed);
        if (noContent && "assistant".equals(message.get("role")) && isBlank(message)) {
            copy.put("content", null);
        }
        return copy;
    }

    private static boolean isBlank(Map<String, @Nullable Object> message) {
        return Conversation.text(message.get("content")).isBlank();
    }

    private @Nullable Object function(@Nullable Object function) {
        return with(function, "arguments", this::arguments);
    }

    private @Nullable Object arguments(@Nullable Object arguments) {
        if (!(arguments instanceof CallArguments both)) {
            return arguments;
        }
        return textArguments ? both.text() : both.values();
    }

    /** Turns one field of an object into another value. */
    private interface Change {
        @Nullable Object of(@Nullable Object value);
    }

    private static @Nullable Object with(@Nullable Object object, String field, Change change) {
        if (!(object instanceof Map<?, ?> map) || !map.containsKey(field)) {
            return object;
        }
        Map<Object, @Nullable Object> copy = new LinkedHashMap<>(map);
        copy.put(field, change.of(map.get(field)));
        return copy;
    }
}
