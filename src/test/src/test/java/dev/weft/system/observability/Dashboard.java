package dev.weft.system.observability;

import dev.weft.system.fleet.Http;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A dashboard of grafana/dashboards. */
record Dashboard(String name, JsonNode model) {
    static final Path GRAFANA = Path.of("..", "..", "grafana").toAbsolutePath().normalize();
    static final Path FOLDER = GRAFANA.resolve("dashboards");

    /** A panel's query to Prometheus, with Grafana's variables in it. */
    record Query(String dashboard, String panel, String expression, boolean instant) {}

    static List<Dashboard> all() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted()
                    .map(file -> new Dashboard(nameOf(file), Http.JSON.readTree(file)))
                    .toList();
        }
    }

    private static String nameOf(Path file) {
        return file.getFileName().toString().replaceFirst("\\.json$", "");
    }

    String uid() {
        return model.get("uid").asString();
    }

    /** The panels that show data, also those of collapsed rows. */
    List<JsonNode> panels() {
        List<JsonNode> panels = new ArrayList<>();
        for (JsonNode panel : model.get("panels")) {
            if (panel.get("type").asString().equals("row")) {
                panel.get("panels").forEach(panels::add);
            } else {
                panels.add(panel);
            }
        }
        return panels;
    }

    List<Query> queries() {
        List<Query> queries = new ArrayList<>();
        for (JsonNode panel : panels()) {
            for (JsonNode target : panel.get("targets")) {
                queries.add(
                        new Query(
                                name,
                                panel.get("title").asString(),
                                target.get("expr").asString(),
                                target.path("instant").asBoolean(false)));
            }
        }
        return queries;
    }

    List<JsonNode> variables() {
        List<JsonNode> variables = new ArrayList<>();
        model.get("templating").get("list").forEach(variables::add);
        return variables;
    }

    /** The queries that fill variables, such as {@code label_values(metric, label)}. */
    List<String> variableQueries() {
        return variables().stream()
                .filter(variable -> variable.get("type").asString().equals("query"))
                .map(variable -> variable.get("query").get("query").asString())
                .toList();
    }
}
