package dev.weft.inference.relay.server;

import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The paths that a server has, by its {@code /openapi.json}, which FastAPI makes. */
public final class ServedPaths {
    private ServedPaths() {}

    /** Reads a description; empty if it is none. */
    public static Set<String> read(String json) {
        try {
            JsonNode paths = JsonMapper.shared().readTree(json).path("paths");
            return paths.isObject() ? Set.copyOf(paths.propertyNames()) : Set.of();
        } catch (JacksonException e) {
            return Set.of();
        }
    }
}
