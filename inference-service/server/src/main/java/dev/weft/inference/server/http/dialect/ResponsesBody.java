package dev.weft.inference.server.http.dialect;

import dev.weft.inference.server.http.json.JsonFields;
import dev.weft.inference.server.http.json.UnservedFields;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bodies of {@code /v1/responses} (OpenAI's Responses API), without state: text, function calls and
 * reasoning.
 */
public final class ResponsesBody {
    /**
     * What {@code include} may name: parts of items that no answer has here, and {@code
     * reasoning.encrypted_content}, since thoughts are told openly.
     */
    private static final List<String> INCLUDABLE =
            List.of(
                    "reasoning.encrypted_content",
                    "file_search_call.results",
                    "web_search_call.results",
                    "web_search_call.action.sources",
                    "message.input_image.image_url",
                    "computer_call_output.output.image_url",
                    "code_interpreter_call.outputs");

    private static final TextParts TEXTS =
            new TextParts(
                    Map.of(
                            "input_text", "text",
                            "output_text", "text",
                            "text", "text",
                            "reasoning_text", "text",
                            "refusal", "refusal"),
                    "\"input_text\" or \"output_text\": this model reads text only");
    private static final TextParts SUMMARY =
            new TextParts(Map.of("summary_text", "text"), "\"summary_text\"");
    private static final String ITEMS =
            "\"message\", \"function_call\", \"function_call_output\" or \"reasoning\"";

    private static final Set<String> ROLES = Set.of("user", "assistant", "system", "developer");
    private static final String ROLE_NAMES = "\"user\", \"assistant\", \"system\" or \"developer\"";
    private static final Set<String> CHOICES = Set.of("none", "auto", "required");
    private static final String CHOICE_NAMES =
            "\"none\", \"auto\", \"required\", {\"type\":\"function\",\"name\":...} or"
                    + " {\"type\":\"allowed_tools\",\"mode\":...,\"tools\":[...]}";
    private static final Set<String> FORMATS = Set.of("text", "json_object", "json_schema");
    private static final String FORMAT_NAMES = "\"text\", \"json_object\" or \"json_schema\"";

    private final JsonFields fields;
    private final ChatBody chat = new ChatBody();

    /** The assistant's turn that calls and thoughts are added to. */
    private @Nullable ObjectNode turn;

    private ResponsesBody(JsonFields fields) {
        this.fields = fields;
    }

    /** The chat of a body. */
    public static ChatBody read(JsonFields fields) {
        return new ResponsesBody(fields).chat();
    }

    private ChatBody chat() {
        UnservedFields.refuseInResponse(fields);
        include();
        chat.copy(
                fields,
                "model",
                "temperature",
                "top_p",
                "stream",
                "parallel_tool_calls",
                "seed",
                "top_k",
                "stop",
                "complete");
        chat.copySettings(fields);
        chat.copy(fields, "max_output_tokens", "max_completion_tokens");
        fields.text("instructions")
                .filter(text -> !text.isEmpty())
                .ifPresent(text -> chat.message("system", "instructions").put("content", text));
        input();
        chat.tools(fields, ResponsesBody::tool);
        choice();
        form();
        fields.object("reasoning")
                .ifPresent(reasoning -> chat.copy(reasoning, "effort", "reasoning_effort"));
        return chat;
    }

    private void include() {
        JsonNode include = fields.node("include");
        if (include == null) {
            return;
        }
        if (!include.isArray()) {
            throw fields.invalid("include", include, "a list of strings");
        }
        for (JsonNode one : include) {
            if (!INCLUDABLE.contains(one.asString(""))) {
                throw fields.unsupported("include", "of " + INCLUDABLE + ", or leave it out");
            }
        }
    }

    private void input() {
        chat.origin("messages", "input");
        JsonNode input = fields.required("input", "a string or a list of items");
        if (input.isString()) {
            chat.message("user", "input").put("content", input.stringValue());
            return;
        }
        if (!input.isArray() || input.isEmpty()) {
            throw fields.invalid("input", input, "a string or a list of at least one item");
        }
        int index = 0;
        for (JsonNode node : input) {
            item(fields.element("input", index++, node));
        }
    }

    private void item(JsonFields item) {
        String type = item.object().path("type").asString(item.has("role") ? "message" : "");
        switch (type) {
            case "message" -> message(item);
            case "function_call" -> call(item);
            case "function_call_output" -> {
                turn = null;
                JsonNode output = item.required("output", "a string or a list of texts");
                chat.message("tool", item.path() + "output")
                        .put("tool_call_id", callId(item))
                        .put("content", TEXTS.joined(item, "output", output));
            }
            case "reasoning" -> thought(item);
            default ->
                    throw item.has("type")
                            ? item.unsupported("type", ITEMS)
                            : item.invalid("type", item.object().path("type"), ITEMS);
        }
    }

    private void message(JsonFields item) {
        JsonNode role = item.required("role", ROLE_NAMES);
        if (!ROLES.contains(role.asString(""))) {
            throw item.invalid("role", role, ROLE_NAMES);
        }
        JsonNode content = item.required("content", "a string or a list of texts");
        String text = TEXTS.joined(item, "content", content);
        ObjectNode open = turn;
        if (role.asString("").equals("assistant") && open != null && !open.has("content")) {
            open.put("content", text);
            return;
        }
        ObjectNode message = chat.message(role.asString(""), origin(item));
        message.put("content", text);
        turn = role.asString("").equals("assistant") ? message : null;
    }

    /** The assistant's turn; calls and thoughts in a row belong to one. */
    private ObjectNode turn(JsonFields item) {
        ObjectNode open = turn;
        if (open == null) {
            open = chat.message("assistant", origin(item));
            turn = open;
        }
        return open;
    }

    /** The item's path, without the dot at its end. */
    private static String origin(JsonFields item) {
        return item.path().substring(0, item.path().length() - 1);
    }

    /** The id that a call and its output have in common. */
    private static String callId(JsonFields item) {
        return item.requiredText("call_id", "the call_id of a function_call");
    }

    private void call(JsonFields item) {
        ObjectNode open = turn(item);
        JsonNode name = item.required("name", "the name of a tool");
        JsonNode arguments = item.required("arguments", "a JSON object as text");
        ArrayNode calls =
                open.get("tool_calls") instanceof ArrayNode known
                        ? known
                        : open.putArray("tool_calls");
        chat.callOrigin(calls.size(), origin(item));
        ObjectNode call = calls.addObject();
        call.put("id", callId(item)).put("type", "function");
        ObjectNode function = call.putObject("function");
        function.set("name", name);
        function.set("arguments", arguments);
    }

    private void thought(JsonFields item) {
        // a thought begins the assistant's next turn
        turn = null;
        ObjectNode open = turn(item);
        JsonNode content = item.node("content");
        JsonNode summary = item.node("summary");
        String told = summary == null ? "" : SUMMARY.joined(item, "summary", summary);
        String whole = content == null ? "" : TEXTS.joined(item, "content", content);
        String text = whole.isEmpty() ? told : whole;
        if (text.isEmpty() && item.node("encrypted_content") != null) {
            throw item.unsupported("encrypted_content", "a thought's text in content or summary");
        }
        open.put("reasoning", text);
    }

    private static void tool(JsonFields tool, ObjectNode function) {
        if (!tool.object().path("type").asString("").equals("function")) {
            throw tool.unsupported("type", "\"function\": this server has no tools of its own");
        }
        UnservedFields.refuseInTool(tool);
        tool.required("name", "letters, digits and _.:/-");
        tool.text("name");
        tool.text("description");
        for (String name : List.of("name", "description", "parameters", "strict")) {
            JsonNode value = tool.node(name);
            if (value != null) {
                function.set(name, value);
            }
        }
    }

    private void choice() {
        JsonNode choice = fields.node("tool_choice");
        if (choice == null) {
            return;
        }
        JsonNode chosen =
                switch (choice.path("type").asString("")) {
                    case "function" -> nested(choice);
                    case "allowed_tools" -> allowed(choice);
                    default -> {
                        if (!CHOICES.contains(choice.asString(""))) {
                            throw fields.invalid("tool_choice", choice, CHOICE_NAMES);
                        }
                        yield choice;
                    }
                };
        chat.set("tool_choice", chosen, "tool_choice");
        chat.origin("tool_choice.function", "tool_choice");
        chat.origin("tool_choice.allowed_tools", "tool_choice");
        for (int i = 0; i < choice.path("tools").size(); i++) {
            chat.origin(
                    "tool_choice.allowed_tools.tools[" + i + "].function",
                    "tool_choice.tools[" + i + "]");
        }
    }

    private static ObjectNode nested(JsonNode choice) {
        ObjectNode function = ChatBody.object().put("type", "function");
        ObjectNode named = function.putObject("function");
        if (choice.has("name")) {
            named.set("name", choice.path("name").deepCopy());
        }
        return function;
    }

    private static ObjectNode allowed(JsonNode choice) {
        ObjectNode allowed = ChatBody.object().put("type", "allowed_tools");
        ObjectNode tools = allowed.putObject("allowed_tools");
        tools.put("mode", choice.path("mode").asString(""));
        ArrayNode names = tools.putArray("tools");
        choice.path("tools").forEach(tool -> names.add(nested(tool)));
        return allowed;
    }

    private void form() {
        JsonFields text = fields.object("text").orElse(null);
        JsonFields format = text == null ? null : text.object("format").orElse(null);
        if (format == null) {
            return;
        }
        ObjectNode form = ChatBody.object();
        JsonNode type = format.required("type", FORMAT_NAMES);
        if (!FORMATS.contains(type.asString(""))) {
            throw format.invalid("type", type, FORMAT_NAMES);
        }
        form.set("type", type);
        if (form.path("type").asString("").equals("json_schema")) {
            ObjectNode named = form.putObject("json_schema");
            for (String name : List.of("name", "description", "schema", "strict")) {
                JsonNode value = format.node(name);
                if (value != null) {
                    named.set(name, value);
                }
            }
        }
        chat.set("response_format", form, "text.format");
        chat.origin("response_format.json_schema", "text.format");
        chat.schemaOrigin("text.format.schema");
    }
}
