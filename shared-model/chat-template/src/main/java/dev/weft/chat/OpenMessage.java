package dev.weft.chat;

import dev.weft.chat.jinja.characters.Chars;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The last message of a chat, if the answer continues it: the prompt ends behind its text. The text
 * is found by a mark at its end, so that the same text elsewhere in the chat changes nothing. The
 * mark is that of transformers' {@code continue_final_message}, since some templates look for it.
 *
 * @param text of the message, or of its last part that has one
 */
record OpenMessage(ChatInput input, String text) {
    private static final String MARK = "CONTINUE_FINAL_MESSAGE_TAG";

    /** A template that trims its texts drops the space. */
    private static final String MARK_AND_SPACE = MARK + ' ';

    /**
     * The last message of an input.
     *
     * @throws IllegalArgumentException if it has no text
     */
    static OpenMessage of(ChatInput input) {
        String text =
                input.messages().isEmpty() ? null : text(input.messages().getLast().get("content"));
        if (text == null) {
            throw new IllegalArgumentException("the last message has no text");
        }
        return new OpenMessage(input, text);
    }

    private static @Nullable String text(@Nullable Object content) {
        if (content instanceof List<?> parts) {
            int last = lastText(parts);
            return last < 0 ? null : (String) ((Map<?, ?>) parts.get(last)).get("text");
        }
        return content instanceof String text ? text : null;
    }

    /** Index of the last part that has a text; -1 for none. */
    private static int lastText(List<?> parts) {
        int at = parts.size() - 1;
        while (at >= 0
                && !(parts.get(at) instanceof Map<?, ?> part
                        && part.get("text") instanceof String)) {
            at--;
        }
        return at;
    }

    /** The input with the mark behind the text. */
    ChatInput marked() {
        Map<String, @Nullable Object> last = new LinkedHashMap<>(input.messages().getLast());
        last.put("content", marked(last.get("content")));
        List<Map<String, ?>> messages = new ArrayList<>(input.messages());
        messages.set(messages.size() - 1, last);
        return new ChatInput(
                messages,
                input.tools(),
                input.documents(),
                input.addGenerationPrompt(),
                input.specialTokens(),
                input.templateKwargs());
    }

    private Object marked(@Nullable Object content) {
        if (!(content instanceof List<?> parts)) {
            return text + MARK_AND_SPACE;
        }
        List<Object> all = new ArrayList<>(parts);
        int at = lastText(parts);
        Map<Object, @Nullable Object> part = new LinkedHashMap<>((Map<?, ?>) all.get(at));
        part.put("text", text + MARK_AND_SPACE);
        all.set(at, part);
        return all;
    }

    /**
     * The text rendered from the marked input, up to the end of the message's text. If the template
     * trims texts, that end has no whitespace, as without the mark. Empty if the template wrote
     * another text than the message's.
     */
    Optional<String> cut(String rendered) {
        int at = rendered.lastIndexOf(MARK);
        String begun = text.substring(gap());
        if (at < 0 || !rendered.startsWith(begun, at - begun.length())) {
            return Optional.empty();
        }
        boolean trims = !rendered.startsWith(MARK_AND_SPACE, at);
        return Optional.of(rendered.substring(0, trims ? at - gapAtEnd(begun) : at));
    }

    /** Length of the whitespace at the text's beginning, which templates may drop. */
    private int gap() {
        int length = 0;
        while (length < text.length() && Chars.isSpace(text.charAt(length))) {
            length++;
        }
        return length;
    }

    private static int gapAtEnd(String of) {
        int length = 0;
        while (length < of.length() && Chars.isSpace(of.charAt(of.length() - 1 - length))) {
            length++;
        }
        return length;
    }
}
