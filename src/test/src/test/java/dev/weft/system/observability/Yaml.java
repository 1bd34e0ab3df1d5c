package dev.weft.system.observability;

import dev.weft.system.fleet.Http;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;

/** Reads files for Prometheus and Grafana. */
final class Yaml {
    private Yaml() {}

    static JsonNode read(Path file) throws IOException {
        Load load = new Load(LoadSettings.builder().build());
        return Http.JSON.valueToTree(load.loadFromString(Files.readString(file)));
    }
}
