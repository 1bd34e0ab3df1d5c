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
 * writes one, and refuses turns that the model doesn't know.
 */
final class ReplyProbe {
    private static final String QUESTION = "weft-probe-question";
    private static final String TOOL = "weft_probe";
    private static final String ID = "probe1234";
    private static final String OTHER_ID = "probe5678";

    /** Mistral's templates may write a call's id between its name and its arguments. */
    private static final String CALL_ID = "[CALL_ID]";

    private static final String CITY = "Oslo";
    private static final String OTHER_CITY = "Lima";
    private static final String ARGUMENTS = "{\"city\":\"" + CITY + "\",\"days\":2}";

    /** Templates print arguments that are objects, or join them as text. */
    private static final List<Object> ARGUMENT_FORMS =
            List.of(Map.of("city", CITY, "days", 2), ARGUMENTS);

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

    /**
     * The format; empty if the template writes no calls, or writes them in a format that is not
     * known.
     */
    Optional<CallSyntax> syntax() {
        return texts().stream()
                .flatMap(text ->
                        CallSyntaxes.ALL.stream()
                                .filter(one -> CallSearch.isIn(one, text, TOOL, MEANT)))
                .findFirst();
    }

    /** Whether the template writes calls, but none in this format. */
    boolean contradicts(CallSyntax syntax) {
        List<String> calls = texts().stream().filter(text -> text.contains(CITY)).toList();
        return !calls.isEmpty()
                && calls.stream().noneMatch(text -> CallSearch.isIn(syntax, text, TOOL, MEANT));
    }

    /**
     * Whether the template takes a turn of two calls, or does not even take one of a single call.
     * An answer must not be one that its chat can't hold.
     */
    boolean takesSeveral() {
        for (Object arguments : ARGUMENT_FORMS) {
            Object other =
                    arguments instanceof String
                            ? ARGUMENTS.replace(CITY, OTHER_CITY)
                            : Map.of("city", OTHER_CITY, "days", 2);
            String one = rendered(List.of(call(ID, arguments)), true);
            if (one != null && one.contains(CITY)) {
                String two = rendered(List.of(call(ID, arguments), call(OTHER_ID, other)), true);
                return two != null && two.contains(CITY) && two.contains(OTHER_CITY);
            }
        }
        return true;
    }

    /**
     * The texts that the template makes of chats with a call, from behind the question on; none if
     * it refuses them.
     */
    private List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (Object arguments : ARGUMENT_FORMS) {
            for (boolean answered : new boolean[] {true, false}) {
                String text = rendered(List.of(call(ID, arguments)), answered);
                if (text != null) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }

    /**
     * The text that a template makes of a turn of calls; null if it refuses the chat or does not
     * write the question.
     */
    private @Nullable String rendered(List<Map<String, Object>> calls, boolean answered) {
        List<Map<String, @Nullable Object>> messages = new ArrayList<>();
        messages.add(Map.of("role", "user", "content", QUESTION));
        messages.add(Map.of("role", "assistant", "content", "", "tool_calls", calls));
        if (answered) {
            for (Map<String, Object> call : calls) {
                messages.add(
                        Map.of(
                                "role",
                                "tool",
                                "tool_call_id",
                                String.valueOf(call.get("id")),
                                "name",
                                TOOL,
                                "content",
                                "warm"));
            }
        }
        ChatInput input = new ChatInput(messages, TOOLS, null, false, specialTokens, Map.of());
        try {
            String text =
                    template.render(
                            template.readsContentParts() ? input : input.withJoinedText(), clock);
            int asked = text.lastIndexOf(QUESTION);
            return asked < 0
                    ? null
                    : text.substring(asked + QUESTION.length()).replace(CALL_ID + ID, "");
        } catch (ChatRenderException e) {
            return null;
        }
    }

    private static Map<String, Object> call(String id, Object arguments) {
        // in this order, since templates may print it as it is
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", TOOL);
        function.put("arguments", arguments);
        Map<String, Object> call = new LinkedHashMap<>();
        call.put("id", id);
        call.put("type", "function");
        call.put("function", function);
        return call;
    }
}
