package dev.weft.inference.relay.call;

import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a server says of itself at {@code /openapi.json}, as FastAPI makes it.
 *
 * @param json missing if it says nothing
 */
public record ServerDescription(JsonNode json) {
    /** How a reference into the same text begins, before a JSON pointer. */
    private static final String HERE = "#/";

    /** Reads an answer; one that is not JSON describes nothing. */
    public static ServerDescription read(String text) {
        try {
            return new ServerDescription(JsonMapper.shared().readTree(text));
        } catch (JacksonException e) {
            return new ServerDescription(JsonMapper.shared().missingNode());
        }
    }

    /** The paths that it has; empty if it doesn't say. */
    public Set<String> paths() {
        JsonNode paths = json.path("paths");
        return paths.isObject() ? Set.copyOf(paths.propertyNames()) : Set.of();
    }

    /**
     * Whether the body of a POST has a field; false if it doesn't say.
     *
     * @param path of the POST
     */
    public boolean takes(String path, String field) {
        JsonNode schema =
                json.path("paths")
                        .path(path)
                        .path("post")
                        .path("requestBody")
                        .path("content")
                        .path("application/json")
                        .path("schema");
        String named = schema.path("$ref").asString("");
        JsonNode its = named.startsWith(HERE) ? json.at(named.substring(1)) : schema;
        return its.path("properties").has(field);
    }
}
