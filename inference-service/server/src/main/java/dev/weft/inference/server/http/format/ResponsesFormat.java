package dev.weft.inference.server.http.format;

import dev.weft.inference.server.answer.Usage;
import dev.weft.inference.server.completion.EndReason;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A response of OpenAI's Responses API, whole and as events.
 *
 * @param asked the request fields that a response repeats
 * @param thoughts whether thoughts are told
 * @param ids of calls
 */
public record ResponsesFormat(AnswerHead head, RepeatedFields asked, boolean thoughts, CallIds ids)
        implements AnswerFormat {
    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    @Override
    public long heldBytes() {
        return asked.bytes();
    }

    @Override
    public StreamFormat stream() {
        return new ResponsesStream(this);
    }

    @Override
    public void whole(List<ChoiceResult> choices, Usage usage, OutputStream target) {
        ChoiceResult result = choices.getFirst();
        List<ChoiceResult.Said> said = result.all(thoughts);
        if (said.isEmpty()) {
            said = List.of(new ChoiceResult.Said(ChoiceResult.Kind.TEXT, "", ""));
        }
        ArrayNode output = JsonNodeFactory.instance.arrayNode();
        for (ChoiceResult.Said one : said) {
            boolean last = output.size() == said.size() - 1;
            ResponseItem item = item(one);
            String status = last ? item.lastStatus(result.end(), result.cut()) : "completed";
            output.add(item.finished(one.text(), status));
        }
        JsonMapper.shared().writeValue(target, response(status(result.end()), output, usage));
    }

    private ResponseItem item(ChoiceResult.Said one) {
        return switch (one.kind()) {
            case TEXT -> ResponseItem.message();
            case THINKING -> ResponseItem.reasoning();
            case CALL -> ResponseItem.call(one.name(), ids);
        };
    }

    static String status(EndReason end) {
        return end == EndReason.LENGTH ? "incomplete" : "completed";
    }

    /** The response. */
    ObjectNode response(String status, ArrayNode output, @Nullable Usage usage) {
        ObjectNode response =
                object().put("id", head.id())
                        .put("object", "response")
                        .put("created_at", head.created())
                        .put("status", status)
                        .put("model", head.model());
        response.putNull("error");
        if (status.equals("incomplete")) {
            response.putObject("incomplete_details").put("reason", "max_output_tokens");
        } else {
            response.putNull("incomplete_details");
        }
        response.set("output", output);
        asked.writeInto(response);
        response.put("truncation", "disabled").put("store", false);
        response.putNull("previous_response_id");
        if (usage == null) {
            response.putNull("usage");
        } else {
            usage(response.putObject("usage"), usage);
        }
        return response;
    }

    private static void usage(ObjectNode target, Usage usage) {
        target.put("input_tokens", usage.promptTokens());
        target.putObject("input_tokens_details")
                .put("cached_tokens", usage.cachedTokens())
                .put("cache_write_tokens", 0);
        target.put("output_tokens", usage.completionTokens());
        target.putObject("output_tokens_details").put("reasoning_tokens", usage.reasoningTokens());
        target.put("total_tokens", usage.totalTokens());
    }
}
