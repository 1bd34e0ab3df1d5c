package dev.weft.inference.server.http.dialect;

import dev.weft.inference.server.http.json.JsonFields;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A last message of the assistant in {@code /v1/messages}, which the answer goes on with. Fields
 * and contents that can't go with it are refused as Anthropic refuses them.
 */
final class BegunAnswer {
    private static final String WITH = " with a last message of the assistant";

    private final JsonFields fields;
    private final JsonFields message;

    private BegunAnswer(JsonFields fields, JsonFields message) {
        this.fields = fields;
        this.message = message;
    }

    /**
     * Makes the answer go on with the last message, if it is the assistant's.
     *
     * @param fields with messages that were read
     */
    static void read(JsonFields fields, ChatBody chat) {
        JsonNode messages = fields.object().path("messages");
        int last = messages.size() - 1;
        JsonFields message = new JsonFields(messages.path(last), "messages[" + last + "].");
        if (!message.object().path("role").asString("").equals("assistant")) {
            return;
        }
        BegunAnswer begun = new BegunAnswer(fields, message);
        begun.checkContent(chat.lastText());
        begun.checkFields();
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        chat.set("add_generation_prompt", nodes.booleanNode(false), message.path() + "role");
        chat.set("continue_final_message", nodes.booleanNode(true), message.path() + "role");
    }

    private void checkContent(String text) {
        JsonNode content = message.object().path("content");
        for (int i = 0; i < content.size(); i++) {
            if (content.path(i).path("type").asString("").equals("tool_use")) {
                throw new JsonFields(content.path(i), message.path() + "content[" + i + "].")
                        .unsupported("type", "\"text\" in a last message of the assistant");
            }
        }
        if (!text.equals(text.stripTrailing())) {
            throw message.invalid(
                    "content",
                    content,
                    "a text without whitespace at its end, as the answer goes on with it");
        }
    }

    private void checkFields() {
        refuse("thinking", Set.of("enabled", "adaptive"), "\"disabled\"");
        refuse("tool_choice", Set.of("any", "tool"), "\"auto\" or \"none\"");
        if (fields.has("output_format")) {
            throw fields.unsupported("output_format", "none" + WITH);
        }
        JsonFields output = fields.object("output_config").orElse(null);
        if (output != null && output.has("format")) {
            throw output.unsupported("format", "none" + WITH);
        }
    }

    private void refuse(String field, Set<String> types, String allowed) {
        JsonFields object = fields.object(field).orElse(null);
        if (object != null && types.contains(object.object().path("type").asString(""))) {
            throw object.unsupported("type", allowed + WITH);
        }
    }
}
