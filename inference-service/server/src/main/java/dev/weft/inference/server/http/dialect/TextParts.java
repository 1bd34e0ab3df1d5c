package dev.weft.inference.server.http.dialect;

import dev.weft.inference.server.http.json.JsonFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Contents that are a string or a list of parts with text.
 *
 * @param fields the field of a part's text, by the part's type
 * @param allowed what an error message on another type says is allowed
 */
record TextParts(Map<String, String> fields, String allowed) {
    TextParts {
        fields = Map.copyOf(fields);
    }

    /** The text. Each of several parts stands on lines of its own, as in chats. */
    String joined(JsonFields in, String name, JsonNode value) {
        return String.join("\n", texts(in, name, value));
    }

    /** The text of those parts that have any; empty if none has. */
    String joinedFilled(JsonFields in, String name, JsonNode value) {
        return texts(in, name, value).stream()
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("\n"));
    }

    private List<String> texts(JsonFields in, String name, JsonNode value) {
        if (value.isString()) {
            return List.of(value.stringValue());
        }
        if (!value.isArray()) {
            throw in.invalid(name, value, "a string or a list of parts with text");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode node : value) {
            JsonFields part = in.element(name, texts.size(), node);
            String field = fields.get(node.path("type").asString(""));
            if (field == null) {
                throw part.has("type")
                        ? part.unsupported("type", allowed)
                        : part.invalid("type", node.path("type"), allowed);
            }
            texts.add(part.requiredText(field, "a string"));
        }
        return texts;
    }
}
