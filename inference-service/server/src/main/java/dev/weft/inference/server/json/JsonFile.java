package dev.weft.inference.server.json;

import dev.weft.protocol.error.InvalidJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** Reads JSON files of a checkpoint's folder. */
public final class JsonFile {
    private JsonFile() {}

    /**
     * The document; a missing node if the file isn't there.
     *
     * @throws IOException if it can't be read or is not JSON
     */
    public static JsonNode read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return MissingNode.getInstance();
        }
        try {
            return JsonMapper.shared().readTree(Files.readString(file));
        } catch (JacksonException e) {
            throw new IOException(file + ": not valid JSON: " + InvalidJson.words(e), e);
        }
    }
}
