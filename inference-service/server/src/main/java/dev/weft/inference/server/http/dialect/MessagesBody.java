package dev.weft.inference.server.http.dialect;

import dev.weft.inference.server.http.json.JsonFields;
import dev.weft.inference.server.http.json.UnservedFields;
import dev.weft.protocol.error.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bodies of {@code /v1/messages} (Anthropic's Messages API, version 2023-06-01): text, tools and
 * thinking.
 */
public final class MessagesBody {
    private static final TextParts TEXTS =
            new TextParts(Map.of("text", "text"), "\"text\": this model reads text only");

    /** The beginning of a failed call's result, since chat templates know no failed calls. */
    private static final String FAILED = "Error: ";

    /** The name that every schema has in the chat, since the client's has none. */
    private static final String FORM_NAME = "output";

    private static final String ROLES = "\"user\", \"assistant\" or \"system\"";
    private static final String BLOCKS = "a string or a list of content blocks";

    private final JsonFields fields;
    private final ChatBody chat = new ChatBody();

    private MessagesBody(JsonFields fields) {
        this.fields = fields;
    }

    /** The body of a message that is to be answered. */
    public static ChatBody read(JsonFields fields) {
        fields.required("max_tokens", "an integer of 1 or more");
        return new MessagesBody(fields).chat();
    }

    /** The body of a message whose tokens are to be counted. */
    public static ChatBody counted(JsonFields fields) {
        return new MessagesBody(fields).chat();
    }

    /** Whether the client gets the text of thoughts, for a body that {@link #read} has accepted. */
    public static boolean tellsThoughts(JsonFields fields) {
        return !fields.object().path("thinking").path("display").asString("").equals("omitted");
    }

    private ChatBody chat() {
        UnservedFields.refuseInMessage(fields);
        chat.copy(fields, "model", "max_tokens", "temperature", "top_p", "top_k", "stream", "seed");
        JsonNode stops = fields.node("stop_sequences");
        if (stops != null && !stops.isArray()) {
            throw fields.invalid("stop_sequences", stops, "a list of strings");
        }
        chat.copy(fields, "stop_sequences", "stop");
        chat.copy(fields, "complete");
        chat.copySettings(fields);
        system();
        messages();
        chat.tools(fields, this::tool);
        choice();
        thinking();
        output();
        BegunAnswer.read(fields, chat);
        return chat;
    }

    private void system() {
        JsonNode system = fields.node("system");
        if (system != null) {
            system(TEXTS.joinedFilled(fields, "system", system), "system");
        }
    }

    /**
     * Adds a system message. An empty text adds none, so that templates use prompts of their own.
     */
    private void system(String text, String origin) {
        if (!text.isEmpty()) {
            chat.message("system", origin).put("content", text);
        }
    }

    private static ApiException unread(JsonFields part, String allowed) {
        return part.has("type")
                ? part.unsupported("type", allowed)
                : part.invalid("type", part.object().path("type"), allowed);
    }

    private void messages() {
        JsonNode messages = fields.required("messages", "a list of messages");
        if (!messages.isArray() || messages.isEmpty()) {
            throw fields.invalid("messages", messages, "a list of at least one message");
        }
        int index = 0;
        for (JsonNode node : messages) {
            JsonFields message = fields.element("messages", index++, node);
            JsonNode role = message.required("role", ROLES);
            JsonNode content = message.required("content", BLOCKS);
            switch (role.asString("")) {
                case "user" -> user(message, content);
                case "assistant" -> assistant(message, content);
                case "system" ->
                        system(
                                TEXTS.joinedFilled(message, "content", content),
                                message.path() + "content");
                default -> throw message.invalid("role", role, ROLES);
            }
        }
    }

    private void user(JsonFields message, JsonNode content) {
        String origin = message.path() + "content";
        if (content.isString()) {
            asked(content.stringValue(), origin);
            return;
        }
        List<String> texts = new ArrayList<>();
        for (JsonFields block : blocks(message, content)) {
            switch (block.object().path("type").asString("")) {
                case "text" -> texts.add(block.requiredText("text", "a string"));
                case "tool_result" -> result(block);
                default -> throw unread(block, "\"text\" or \"tool_result\"");
            }
        }
        if (!texts.isEmpty() || content.isEmpty()) {
            asked(String.join("\n", texts), origin);
        }
    }

    /**
     * Adds a user's text. Like Anthropic, it makes one turn of messages of a role that follow each
     * other, as templates want.
     */
    private void asked(String text, String origin) {
        ObjectNode turn = chat.turn("user", origin);
        turn.put("content", turn.has("content") ? begun(turn) + "\n" + text : text);
    }

    private static String begun(ObjectNode turn) {
        return turn.path("content").asString("");
    }

    private void result(JsonFields block) {
        JsonNode id = block.required("tool_use_id", "the id of a tool_use block");
        JsonNode content = block.node("content");
        String text = content == null ? "" : TEXTS.joined(block, "content", content);
        chat.message("tool", block.path() + "content")
                .put("tool_call_id", id.asString(""))
                .put("content", (block.flag("is_error", false) ? FAILED : "") + text);
    }

    private static List<JsonFields> blocks(JsonFields message, JsonNode content) {
        if (!content.isArray()) {
            throw message.invalid("content", content, BLOCKS);
        }
        List<JsonFields> blocks = new ArrayList<>();
        for (JsonNode block : content) {
            blocks.add(message.element("content", blocks.size(), block));
        }
        return blocks;
    }

    private void assistant(JsonFields message, JsonNode content) {
        ObjectNode turn = chat.turn("assistant", message.path() + "content");
        StringBuilder text = new StringBuilder(begun(turn));
        if (content.isString()) {
            turn.put("content", text.append(content.stringValue()).toString());
            return;
        }
        StringBuilder thought = new StringBuilder(turn.path("reasoning").asString(""));
        ArrayNode calls = ChatBody.object().putArray("calls");
        for (JsonFields block : blocks(message, content)) {
            switch (block.object().path("type").asString("")) {
                case "text" -> text.append(block.requiredText("text", "a string"));
                case "thinking" -> thought.append(block.text("thinking").orElse(""));
                case "redacted_thinking" -> {}
                case "tool_use" -> call(block, calls);
                default -> throw unread(block, "\"text\", \"thinking\" or \"tool_use\"");
            }
        }
        turn.put("content", text.toString());
        if (!thought.isEmpty()) {
            turn.put("reasoning", thought.toString());
        }
        if (!calls.isEmpty()) {
            turn.set("tool_calls", calls);
        }
    }

    private void call(JsonFields block, ArrayNode calls) {
        JsonNode name = block.required("name", "the name of a tool");
        JsonNode input = block.required("input", "an object");
        if (!input.isObject()) {
            throw block.invalid("input", input, "an object");
        }
        String origin = block.path().substring(0, block.path().length() - 1);
        chat.callOrigin(calls.size(), origin);
        ObjectNode call = calls.addObject();
        call.put("id", block.text("id").orElse("")).put("type", "function");
        call.putObject("function")
                .put("name", name.asString(""))
                .put("arguments", input.toString());
    }

    private void tool(JsonFields tool, ObjectNode function) {
        if (!Set.of("custom", "function").contains(tool.text("type").orElse("custom"))) {
            throw tool.unsupported("type", "\"custom\": this server has no tools of its own");
        }
        UnservedFields.refuseInTool(tool);
        chat.origin(tool.path() + "function.parameters", tool.path() + "input_schema");
        function.set("name", tool.required("name", "letters, digits and _.:/-"));
        tool.text("name");
        tool.text("description").ifPresent(text -> function.put("description", text));
        function.set("parameters", tool.required("input_schema", "a JSON Schema"));
        // arguments follow their schema anyway; OpenAI's rules for strict schemas are not
        // Anthropic's
        boolean _ = tool.flag("strict", false);
    }

    private void choice() {
        JsonFields choice = fields.object("tool_choice").orElse(null);
        if (choice == null) {
            return;
        }
        String allowed = "\"auto\", \"any\", \"tool\" or \"none\"";
        JsonNode type = choice.required("type", allowed);
        JsonNode chosen =
                switch (type.asString("")) {
                    case "auto", "none" -> type;
                    case "any" -> any(choice, type);
                    case "tool" -> named(choice);
                    default -> throw choice.invalid("type", type, allowed);
                };
        chat.set("tool_choice", chosen, "tool_choice");
        chat.origin("tool_choice.function", "tool_choice");
        if (choice.flag("disable_parallel_tool_use", false)) {
            chat.set(
                    "parallel_tool_calls",
                    JsonNodeFactory.instance.booleanNode(false),
                    "tool_choice.disable_parallel_tool_use");
        }
    }

    private JsonNode any(JsonFields choice, JsonNode type) {
        if (!fields.has("tools") || fields.object().path("tools").isEmpty()) {
            throw choice.invalid("type", type, "only with tools");
        }
        return JsonNodeFactory.instance.stringNode("required");
    }

    private static ObjectNode named(JsonFields choice) {
        ObjectNode function = ChatBody.object().put("type", "function");
        function.putObject("function").set("name", choice.required("name", "a tool's name"));
        return function;
    }

    private void thinking() {
        JsonFields thinking = fields.object("thinking").orElse(null);
        if (thinking == null) {
            return;
        }
        String allowed = "\"enabled\", \"adaptive\" or \"disabled\"";
        JsonNode type = thinking.required("type", allowed);
        boolean on =
                switch (type.asString("")) {
                    case "enabled", "adaptive" -> true;
                    case "disabled" -> false;
                    default -> throw thinking.invalid("type", type, allowed);
                };
        chat.setKwarg(fields, "enable_thinking", on, "thinking");
        thinking.integer("budget_tokens", 0, Integer.MAX_VALUE);
        chat.copy(thinking, "budget_tokens", "thinking_token_budget");
    }

    /**
     * Reads {@code output_config}, and {@code output_format}, the older name of its {@code format}.
     */
    private void output() {
        fields.object("output_format").ifPresent(older -> form(older, "output_format"));
        JsonFields output = fields.object("output_config").orElse(null);
        if (output == null) {
            return;
        }
        chat.copy(output, "effort", "reasoning_effort");
        JsonFields form = output.object("format").orElse(null);
        if (form == null) {
            return;
        }
        if (fields.has("output_format")) {
            throw output.invalid(
                    "format", form.object(), "only without 'output_format', which says the same");
        }
        form(form, "output_config.format");
    }

    /** {@code {"type": "json_schema", "schema": ...}}. */
    private void form(JsonFields form, String field) {
        JsonNode type = form.required("type", "\"json_schema\"");
        if (!type.asString("").equals("json_schema")) {
            throw form.invalid("type", type, "\"json_schema\"");
        }
        ObjectNode format = ChatBody.object().put("type", "json_schema");
        format.putObject("json_schema")
                .put("name", FORM_NAME)
                .set("schema", form.required("schema", "a JSON Schema"));
        chat.set("response_format", format, field);
        chat.origin("response_format.json_schema", field);
        chat.words("response_format '" + FORM_NAME + "'", field);
    }
}
