package dev.weft.inference.relay.call;

import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a server says of itself at {@code /openapi.json}, as FastAPI makes it. */
public final class ServerDescription {
    /** How a reference into the same text begins, before a JSON pointer. */
    private static final String HERE = "#/";

    private ServerDescription() {}

    /** The paths that it has; empty if the text is not a description. */
    public static Set<String> paths(String json) {
        try {
            JsonNode paths = JsonMapper.shared().readTree(json).path("paths");
            return paths.isObject() ? Set.copyOf(paths.propertyNames()) : Set.of();
        } catch (JacksonException e) {
            return Set.of();
        }
    }

    /**
     * Whether the body of a POST has a field; false if the text does not say so.
     *
     * @param path of the POST
     */
    public static boolean takes(String json, String path, String field) {
        try {
            JsonNode all = JsonMapper.shared().readTree(json);
            JsonNode schema =
                    all.path("paths")
                            .path(path)
                            .path("post")
                            .path("requestBody")
                            .path("content")
                            .path("application/json")
                            .path("schema");
            String named = schema.path("$ref").asString("");
            JsonNode its = named.startsWith(HERE) ? all.at(named.substring(1)) : schema;
            return its.path("properties").has(field);
        } catch (JacksonException e) {
            return false;
        }
    }
}
