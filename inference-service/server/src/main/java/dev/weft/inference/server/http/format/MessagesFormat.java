package dev.weft.inference.server.http.format;

import dev.weft.inference.server.answer.Usage;
import dev.weft.inference.server.completion.EndReason;
import dev.weft.inference.server.http.json.ObjectText;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/**
 * A message of Anthropic's Messages API (version 2023-06-01), whole and as events.
 *
 * @param inputTokens of the prompt, which the first event tells
 * @param thoughts whether thoughts are told; else their blocks are empty
 * @param ids of calls
 */
public record MessagesFormat(AnswerHead head, int inputTokens, boolean thoughts, CallIds ids)
        implements AnswerFormat {
    private static final JsonMapper JSON = JsonMapper.shared();

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    @Override
    public StreamFormat stream() {
        return new MessagesStream(this);
    }

    @Override
    public void whole(List<ChoiceResult> choices, Usage usage, OutputStream target) {
        ChoiceResult result = choices.getFirst();
        ObjectNode message = message();
        ArrayNode content = message.putArray("content");
        result.all(true).forEach(one -> content.add(block(one)));
        boolean calls = !result.calls().isEmpty() && !result.cut();
        ended(message, result.end(), result.stop(), calls);
        usage(message.putObject("usage"), usage);
        JSON.writeValue(target, message);
    }

    private ObjectNode block(ChoiceResult.Said one) {
        return switch (one.kind()) {
            case TEXT -> text(one.text());
            case THINKING -> thinking(thoughts ? one.text() : "");
            case CALL -> call(one.name()).putRawValue("input", input(one.text()));
        };
    }

    static ObjectNode text(String text) {
        return object().put("type", "text").put("text", text);
    }

    static ObjectNode thinking(String thought) {
        return object().put("type", "thinking").put("thinking", thought).put("signature", "");
    }

    /** A message without its content. */
    ObjectNode message() {
        return object().put("id", head.id())
                .put("type", "message")
                .put("role", "assistant")
                .put("model", head.model());
    }

    /** The beginning of a call. */
    ObjectNode call(String name) {
        ObjectNode call =
                object().put("type", "tool_use").put("id", ids.next("toolu_")).put("name", name);
        call.putObject("caller").put("type", "direct");
        return call;
    }

    /**
     * The arguments as the model wrote them, since no type holds all its numbers. A call that was
     * cut gets an empty object.
     */
    private static RawValue input(String arguments) {
        return new RawValue(ObjectText.isObject(arguments) ? arguments : "{}");
    }

    static void usage(ObjectNode target, Usage usage) {
        target.put("input_tokens", usage.promptTokens() - usage.cachedTokens())
                .put("cache_creation_input_tokens", 0)
                .put("cache_read_input_tokens", usage.cachedTokens())
                .put("output_tokens", usage.completionTokens());
    }

    /**
     * Writes why a message ended, and the stop sequence only if that is the reason.
     *
     * @param stop the stop sequence that was found; null if none was
     * @param calls whether it has calls, all of them complete
     */
    static void ended(ObjectNode target, EndReason end, @Nullable String stop, boolean calls) {
        String reason = reason(end, stop, calls);
        target.put("stop_reason", reason)
                .put("stop_sequence", reason.equals("stop_sequence") ? stop : null);
    }

    private static String reason(EndReason end, @Nullable String stop, boolean calls) {
        return switch (end) {
            case STOP -> calls ? "tool_use" : stop == null ? "end_turn" : "stop_sequence";
            case LENGTH -> "max_tokens";
            case TOOL_CALLS -> "tool_use";
        };
    }
}
