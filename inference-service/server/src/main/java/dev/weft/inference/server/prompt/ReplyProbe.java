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
 * writes one, and refuses turns that the model doesn't know. A template that writes none may tell
 * the model how. Finds in which form it takes an earlier call, too.
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

    private static final JsonNode MEANT = JsonMapper.shared().readTree(arguments(CITY).text());

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
    private final List<Shown> shown;

    /**
     * What a template makes of a call.
     *
     * @param texts of chats with a call in this form, from behind the question on; none if the
     *     template refuses them
     */
    private record Shown(CallForm form, List<String> texts) {
        boolean isIn(CallSyntax syntax) {
            return texts.stream().anyMatch(text -> CallSearch.isIn(syntax, text, TOOL, MEANT));
        }

        boolean isWritten() {
            return texts.stream().anyMatch(text -> text.contains(CITY));
        }
    }

    ReplyProbe(ChatTemplate template, Map<String, Object> specialTokens, Clock clock) {
        this.template = template;
        this.specialTokens = specialTokens;
        this.clock = clock;
        this.shown = CallForm.ALL.stream().map(form -> new Shown(form, texts(form))).toList();
    }

    /**
     * The format; empty if the template writes no calls, or writes them in a format that is not
     * known.
     */
    Optional<CallSyntax> syntax() {
        return shown.stream()
                .flatMap(one -> one.texts.stream())
                .flatMap(text ->
                        CallSyntaxes.ALL.stream()
                                .filter(one -> CallSearch.isIn(one, text, TOOL, MEANT)))
                .findFirst();
    }

    /** The format whose marks a template that writes no calls tells the model. */
    Optional<CallSyntax> named() {
        if (shown.stream().anyMatch(Shown::isWritten)) {
            return Optional.empty();
        }
        List<Map<String, @Nullable Object>> question =
                List.of(Map.of("role", "user", "content", QUESTION));
        String told = prompt(question, TOOLS);
        String untold = prompt(question, null);
        return told == null || untold == null ? Optional.empty() : CallMarks.named(told, untold);
    }

    /** Whether the template writes calls, but none in this format. */
    boolean contradicts(CallSyntax syntax) {
        return shown.stream().anyMatch(Shown::isWritten)
                && shown.stream().noneMatch(one -> one.isIn(syntax));
    }

    /**
     * The first form of a call that the template writes in this format, else the first that it
     * writes at all.
     */
    CallForm form(CallSyntax syntax) {
        return shown.stream()
                .filter(one -> one.isIn(syntax))
                .findFirst()
                .or(() -> shown.stream().filter(Shown::isWritten).findFirst())
                .map(Shown::form)
                .orElse(CallForm.USUAL);
    }

    /**
     * Whether the template takes a turn of two calls, or does not even take one of a single call.
     * An answer must not be one that its chat can't hold.
     */
    boolean takesSeveral(CallForm form) {
        String one = rendered(form, List.of(call(ID, CITY)), true);
        if (one == null || !one.contains(CITY)) {
            return true;
        }
        String two = rendered(form, List.of(call(ID, CITY), call(OTHER_ID, OTHER_CITY)), true);
        return two != null && two.contains(CITY) && two.contains(OTHER_CITY);
    }

    private List<String> texts(CallForm form) {
        List<String> texts = new ArrayList<>();
        for (boolean answered : new boolean[] {true, false}) {
            String text = rendered(form, List.of(call(ID, CITY)), answered);
            if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }

    /**
     * The text that a template makes of a turn of calls; null if it refuses the chat or does not
     * write the question.
     */
    private @Nullable String rendered(
            CallForm form, List<Map<String, Object>> calls, boolean answered) {
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
        String text = prompt(form.of(messages), TOOLS);
        int asked = text == null ? -1 : text.lastIndexOf(QUESTION);
        return text == null || asked < 0
                ? null
                : text.substring(asked + QUESTION.length()).replace(CALL_ID + ID, "");
    }

    /** The text that the template makes of a chat; null if it refuses it. */
    private @Nullable String prompt(
            List<Map<String, @Nullable Object>> messages,
            @Nullable List<Map<String, @Nullable Object>> tools) {
        ChatInput input = new ChatInput(messages, tools, null, false, specialTokens, Map.of());
        try {
            return template.render(
                    template.readsContentParts() ? input : input.withJoinedText(), clock);
        } catch (ChatRenderException e) {
            return null;
        }
    }

    private static Map<String, Object> call(String id, String city) {
        // in this order, since templates may print it as it is
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", TOOL);
        function.put("arguments", arguments(city));
        Map<String, Object> call = new LinkedHashMap<>();
        call.put("id", id);
        call.put("type", "function");
        call.put("function", function);
        return call;
    }

    private static CallArguments arguments(String city) {
        return new CallArguments(
                Map.of("city", city, "days", 2), "{\"city\":\"" + city + "\",\"days\":2}");
    }
}
