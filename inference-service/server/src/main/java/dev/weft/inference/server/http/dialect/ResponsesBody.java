package dev.weft.inference.server.http.dialect;

import dev.weft.inference.server.http.json.JsonFields;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bodies of {@code /v1/responses} (OpenAI's Responses API), without state: text, function calls and
 * reasoning.
 */
public final class ResponsesBody {
    private static final List<String> UNSERVED =
            List.of("previous_response_id", "conversation", "prompt", "max_tool_calls");
    private static final TextParts TEXTS =
            new TextParts(
                    Map.of(
                            "input_text", "text",
                            "output_text", "text",
                            "text", "text",
                            "reasoning_text", "text",
                            "refusal", "refusal"),
                    "\"input_text\" or \"output_text\": this model reads text only");
    private static final String ITEMS =
            "\"message\", \"function_call\", \"function_call_output\" or \"reasoning\"";

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
        for (String name : UNSERVED) {
            if (fields.has(name)) {
                throw fields.unsupported(name, "leave it out; this server keeps no responses");
            }
        }
        if (fields.flag("background", false)) {
            throw fields.unsupported("background", "false");
        }
        if (!fields.text("truncation").orElse("disabled").equals("disabled")) {
            throw fields.unsupported("truncation", "\"disabled\"");
        }
        chat.copy(
                fields,
                "model",
                "temperature",
                "top_p",
                "stream",
                "parallel_tool_calls",
                "seed",
                "top_k",
                "complete");
        chat.copy(fields, "max_output_tokens", "max_completion_tokens");
        fields.text("instructions")
                .ifPresent(text -> chat.message("system", "instructions").put("content", text));
        input();
        tools();
        choice();
        form();
        fields.object("reasoning")
                .ifPresent(reasoning -> chat.copy(reasoning, "effort", "reasoning_effort"));
        return chat;
    }

    private void input() {
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
            item(new JsonFields(node, "input[" + index++ + "]."));
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
                        .put("tool_call_id", item.text("call_id").orElse(""))
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
        JsonNode role =
                item.required("role", "\"user\", \"assistant\", \"system\" or \"developer\"");
        JsonNode content = item.required("content", "a string or a list of texts");
        String text = TEXTS.joined(item, "content", content);
        ObjectNode open = turn;
        if (role.asString("").equals("assistant") && open != null && !open.has("content")) {
            open.put("content", text);
            return;
        }
        ObjectNode message =
                chat.message(role.asString(""), item.path().substring(0, item.path().length() - 1));
        message.put("content", text);
        turn = role.asString("").equals("assistant") ? message : null;
    }

    /** The assistant's turn; calls and thoughts in a row belong to one. */
    private ObjectNode turn(JsonFields item) {
        ObjectNode open = turn;
        if (open == null) {
            open = chat.message("assistant", item.path().substring(0, item.path().length() - 1));
            turn = open;
        }
        return open;
    }

    private void call(JsonFields item) {
        ObjectNode open = turn(item);
        JsonNode name = item.required("name", "the name of a tool");
        JsonNode arguments = item.required("arguments", "a JSON object as text");
        JsonNode calls = open.get("tool_calls");
        ObjectNode call =
                (calls instanceof ArrayNode known ? known : open.putArray("tool_calls"))
                        .addObject();
        call.put("id", item.text("call_id").orElse("")).put("type", "function");
        ObjectNode function = call.putObject("function");
        function.set("name", name);
        function.set("arguments", arguments);
    }

    private void thought(JsonFields item) {
        // a thought begins the assistant's next turn
        turn = null;
        ObjectNode open = turn(item);
        JsonNode content = item.node("content");
        open.put("reasoning", content == null ? "" : TEXTS.joined(item, "content", content));
    }

    private void tools() {
        JsonNode tools = fields.node("tools");
        if (tools == null) {
            return;
        }
        if (!tools.isArray()) {
            throw fields.invalid("tools", tools, "a list of tools");
        }
        ArrayNode list = chat.list("tools", "tools");
        for (JsonNode node : tools) {
            String path = "tools[" + list.size() + "]";
            JsonFields tool = new JsonFields(node, path + ".");
            if (!node.path("type").asString("").equals("function")) {
                throw tool.unsupported("type", "\"function\": this server has no tools of its own");
            }
            chat.origin(path + ".function", path);
            ObjectNode function = list.addObject().put("type", "function").putObject("function");
            for (String name : List.of("name", "description", "parameters", "strict")) {
                JsonNode value = tool.node(name);
                if (value != null) {
                    function.set(name, value);
                }
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
                    default -> choice;
                };
        chat.set("tool_choice", chosen, "tool_choice");
    }

    private static ObjectNode nested(JsonNode choice) {
        ObjectNode function = ChatBody.object().put("type", "function");
        function.putObject("function").set("name", choice.path("name").deepCopy());
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
        form.set("type", format.required("type", "\"text\", \"json_object\" or \"json_schema\""));
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
    }
}
