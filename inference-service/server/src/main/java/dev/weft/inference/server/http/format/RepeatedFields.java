package dev.weft.inference.server.http.format;

import dev.weft.inference.server.http.body.RequestMemory;
import dev.weft.inference.server.http.json.JsonFields;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The request fields that a response of OpenAI's Responses API repeats. Nothing else of the body is
 * held, since its input may be long.
 *
 * @param bytes of memory that it holds, a high estimate
 */
public record RepeatedFields(ObjectNode fields, long bytes) {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Fields that are null if the request has none. */
    private static final List<String> PLAIN =
            List.of(
                    "instructions",
                    "max_output_tokens",
                    "temperature",
                    "top_p",
                    "reasoning",
                    "user");

    /** Fields that have a default if the request has none. */
    private static final List<String> OTHERS =
            List.of("text", "parallel_tool_calls", "tool_choice", "tools", "metadata");

    private static final int MOST_PAIRS = 16;
    private static final int LONGEST_KEY = 64;
    private static final int LONGEST_VALUE = 512;
    private static final String PAIRS =
            "an object of up to %d strings, keys of up to %d characters and values of up to %d"
                    .formatted(MOST_PAIRS, LONGEST_KEY, LONGEST_VALUE);

    /** Takes the fields out of a body, and checks {@code metadata}, which nobody else reads. */
    public static RepeatedFields of(JsonFields body) {
        checkMetadata(body);
        ObjectNode fields = NODES.objectNode();
        PLAIN.forEach(name -> take(body, name, fields));
        OTHERS.forEach(name -> take(body, name, fields));
        long written = JsonMapper.shared().writeValueAsBytes(fields).length;
        return new RepeatedFields(fields, written * RequestMemory.BYTES_PER_BODY_BYTE);
    }

    private static void take(JsonFields body, String name, ObjectNode fields) {
        JsonNode value = body.node(name);
        if (value != null) {
            fields.set(name, value);
        }
    }

    private static void checkMetadata(JsonFields body) {
        JsonNode metadata = body.node("metadata");
        if (metadata == null) {
            return;
        }
        if (!metadata.isObject() || metadata.size() > MOST_PAIRS) {
            throw body.invalid("metadata", metadata, PAIRS);
        }
        for (Map.Entry<String, JsonNode> pair : metadata.properties()) {
            JsonNode value = pair.getValue();
            if (isOver(pair.getKey(), LONGEST_KEY)
                    || !value.isString()
                    || isOver(value.stringValue(), LONGEST_VALUE)) {
                throw body.invalid("metadata", metadata, PAIRS);
            }
        }
    }

    private static boolean isOver(String text, int characters) {
        return text.codePointCount(0, text.length()) > characters;
    }

    /** Writes all fields, with the defaults of those that are missing. */
    void writeInto(ObjectNode response) {
        for (String name : PLAIN) {
            response.set(name, fields.get(name));
        }
        ObjectNode text = NODES.objectNode();
        text.putObject("format").put("type", "text");
        response.set("text", or("text", text));
        response.set("parallel_tool_calls", or("parallel_tool_calls", NODES.booleanNode(true)));
        response.set("tool_choice", or("tool_choice", NODES.stringNode("auto")));
        response.set("tools", or("tools", NODES.arrayNode()));
        response.set("metadata", or("metadata", NODES.objectNode()));
    }

    private JsonNode or(String name, JsonNode otherwise) {
        JsonNode value = fields.path(name);
        return value.isMissingNode() ? otherwise : value;
    }
}
