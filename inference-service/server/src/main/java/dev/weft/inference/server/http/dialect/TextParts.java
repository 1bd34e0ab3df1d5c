package dev.weft.inference.server.http.dialect;

import dev.weft.inference.server.http.json.JsonFields;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Contents that are a string or a list of parts with text.
 *
 * @param fields the field of a part's text, by the part's type
 * @param allowed what a message says of other types
 */
record TextParts(Map<String, String> fields, String allowed) {
    TextParts {
        fields = Map.copyOf(fields);
    }

    /** The text; that of several parts stands on lines of its own, as for chats. */
    String joined(JsonFields in, String name, JsonNode value) {
        if (value.isString()) {
            return value.stringValue();
        }
        if (!value.isArray()) {
            throw in.invalid(name, value, "a string or a list of parts with text");
        }
        StringBuilder text = new StringBuilder();
        int index = 0;
        for (JsonNode node : value) {
            JsonFields part = in.element(name, index, node);
            String field = fields.get(node.path("type").asString(""));
            if (field == null) {
                throw part.has("type")
                        ? part.unsupported("type", allowed)
                        : part.invalid("type", node.path("type"), allowed);
            }
            text.append(index++ == 0 ? "" : "\n").append(part.requiredText(field, "a string"));
        }
        return text.toString();
    }
}
