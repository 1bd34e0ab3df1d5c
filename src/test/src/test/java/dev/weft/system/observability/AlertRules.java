package dev.weft.system.observability;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The rules of grafana/alerts and their tests. */
final class AlertRules {
    static final Path FILE = Dashboard.GRAFANA.resolve("alerts/weft.rules.yml");
    static final Path TESTS = Dashboard.GRAFANA.resolve("alerts/weft.rules.test.yml");

    /**
     * A rule.
     *
     * @param lasting how long the condition must hold, e.g. {@code 5m}
     */
    record Alert(
            String name, String expression, String lasting, String severity, JsonNode annotations) {
        String annotation(String key) {
            return annotations.path(key).asString("");
        }
    }

    /** A test's expectation of an alert at a time. */
    record Expectation(String alert, boolean fires) {}

    private AlertRules() {}

    static List<Alert> alerts() throws IOException {
        return rules().stream()
                .filter(rule -> rule.has("alert"))
                .map(rule ->
                        new Alert(
                                rule.get("alert").asString(),
                                rule.get("expr").asString(),
                                rule.path("for").asString(""),
                                rule.path("labels").path("severity").asString(""),
                                rule.path("annotations")))
                .toList();
    }

    /** The names of recorded metrics. */
    static List<String> recorded() throws IOException {
        return rules().stream()
                .filter(rule -> rule.has("record"))
                .map(rule -> rule.get("record").asString())
                .toList();
    }

    static List<Expectation> expectations() throws IOException {
        List<Expectation> expectations = new ArrayList<>();
        for (JsonNode test : Yaml.read(TESTS).get("tests")) {
            for (JsonNode expected : test.get("alert_rule_test")) {
                expectations.add(
                        new Expectation(
                                expected.get("alertname").asString(),
                                !expected.get("exp_alerts").isEmpty()));
            }
        }
        return expectations;
    }

    private static List<JsonNode> rules() throws IOException {
        List<JsonNode> rules = new ArrayList<>();
        for (JsonNode group : Yaml.read(FILE).get("groups")) {
            group.get("rules").forEach(rules::add);
        }
        return rules;
    }
}
