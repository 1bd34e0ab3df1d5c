package dev.weft.inference.server.prompt;

import dev.weft.chat.ChatInput;
import dev.weft.chat.ChatRenderException;
import dev.weft.chat.ChatTemplate;
import dev.weft.grammar.reply.format.CallSyntax;
import dev.weft.grammar.reply.format.CallSyntaxes;
import dev.weft.grammar.reply.parser.CallSearch;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds how a model calls tools: its chat template writes a call of an earlier turn as the model
 * writes one.
 */
final class ReplyProbe {
    private static final String QUESTION = "weft-probe-question";
    private static final String TOOL = "weft_probe";
    private static final String ID = "probe1234";
    private static final String CITY = "Oslo";
    private static final String ARGUMENTS = "{\"city\":\"" + CITY + "\",\"days\":2}";
    private static final JsonNode MEANT = JsonMapper.shared().readTree(ARGUMENTS);

    private static final List<Map<String, @Nullable Object>> TOOLS =
            List.of(
                    Map.of(
                            "type",
                            "function",
                            "function",
                            Map.of(
                                    "name",
                                    TOOL,
                                    "description",
                                    "tells the weather",
                                    "parameters",
                                    Map.of("type", "object", "properties", Map.of()))));

    private final ChatTemplate template;
    private final Map<String, Object> specialTokens;
    private final Clock clock;

    ReplyProbe(ChatTemplate template, Map<String, Object> specialTokens, Clock clock) {
        this.template = template;
        this.specialTokens = specialTokens;
        this.clock = clock;
    }

    /** The format; empty if the template writes no calls, or in a format that is not known. */
    Optional<CallSyntax> syntax() {
        return texts().stream()
                .flatMap(text ->
                        CallSyntaxes.ALL.stream()
                                .filter(one -> CallSearch.isIn(one, text, TOOL, MEANT)))
                .findFirst();
    }

    /** Whether the template writes calls in other formats than this one alone. */
    boolean contradicts(CallSyntax syntax) {
        List<String> calls = texts().stream().filter(text -> text.contains(CITY)).toList();
        return !calls.isEmpty()
                && calls.stream().noneMatch(text -> CallSearch.isIn(syntax, text, TOOL, MEANT));
    }

    /**
     * What the template makes of chats with a call, behind the question; none if it refuses them.
     */
    private List<String> texts() {
        List<String> texts = new ArrayList<>();
        // templates print arguments that are objects, or join them as text
        for (Object arguments : List.of(Map.of("city", CITY, "days", 2), ARGUMENTS)) {
            for (boolean answered : new boolean[] {true, false}) {
                String text = rendered(arguments, answered);
                if (text != null) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }

    /** What a template makes of a call; null if it refuses the chat. */
    private @Nullable String rendered(Object arguments, boolean answered) {
        List<Map<String, @Nullable Object>> messages = new ArrayList<>();
        messages.add(Map.of("role", "user", "content", QUESTION));
        messages.add(
                Map.of("role", "assistant", "content", "", "tool_calls", List.of(call(arguments))));
        if (answered) {
            messages.add(
                    Map.of("role", "tool", "tool_call_id", ID, "name", TOOL, "content", "warm"));
        }
        ChatInput input = new ChatInput(messages, TOOLS, null, false, specialTokens, Map.of());
        try {
            String text =
                    template.render(
                            template.readsContentParts() ? input : input.withJoinedText(), clock);
            int asked = text.lastIndexOf(QUESTION);
            return asked < 0 ? null : text.substring(asked + QUESTION.length());
        } catch (ChatRenderException e) {
            return null;
        }
    }

    private static Map<String, Object> call(Object arguments) {
        // in this order, since templates may print it as it is
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", TOOL);
        function.put("arguments", arguments);
        return Map.of("id", ID, "type", "function", "function", function);
    }
}
