package dev.weft.inference.relay.call;

import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a server says of itself at {@code /openapi.json}, as FastAPI makes it. */
public final class ServerDescription {
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
}
