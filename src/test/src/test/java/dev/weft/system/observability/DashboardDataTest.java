package dev.weft.system.observability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Alone;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Sample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Checks that every panel of every dashboard shows data of a Weft under load. */
@Alone
@ExtendWith(ObservedFleet.class)
class DashboardDataTest {
    /** Panels that rightly show nothing here, and why; remove one that shows something. */
    private static final Map<String, String> EMPTY = Map.of();

    private static final Pattern LABEL_VALUES =
            Pattern.compile("label_values\\(([\\w:]+), (\\w+)\\)");

    @Test
    void everyPanelShowsSomething() throws Exception {
        Instant begun = Instant.now();
        Map<String, Dashboard.Query> pending = new TreeMap<>();
        for (Dashboard dashboard : Dashboard.all()) {
            for (Dashboard.Query query : dashboard.queries()) {
                pending.put(
                        query.dashboard() + ": " + query.panel() + ": " + query.expression(),
                        query);
            }
        }
        assertThat(pending.values())
                .extracting(query -> query.dashboard() + ": " + query.panel())
                .containsAll(EMPTY.keySet());

        Http.await(
                () -> "these panels show nothing:\n" + String.join("\n", pending.keySet()),
                () -> {
                    ObservedFleet.load().check();
                    Map<String, String> variables = variables();
                    pending.values().removeIf(query -> shows(query, variables, begun));
                    return pending.values().stream()
                            .allMatch(q -> EMPTY.containsKey(q.dashboard() + ": " + q.panel()));
                });

        assertThat(pending.values())
                .as("panels that show something after all")
                .extracting(query -> query.dashboard() + ": " + query.panel())
                .containsAll(EMPTY.keySet());
    }

    @Test
    void variablesOfferWhatIsThere() throws Exception {
        Http.await(
                "all adapters are offered",
                () -> offered("adapter", "adapter").containsAll(Sample.MODELS));

        assertThat(offered("adapter", "base")).containsExactly(Sample.BASE);
        assertThat(offered("worker", "worker"))
                .containsExactly(ObservedFleet.worker().getAuthority());
    }

    private static List<String> offered(String dashboard, String variable) throws Exception {
        for (Dashboard each : Dashboard.all()) {
            for (JsonNode one : each.variables()) {
                if (each.name().equals(dashboard) && one.get("name").asString().equals(variable)) {
                    return values(one);
                }
            }
        }
        throw new AssertionError(dashboard + " has no variable " + variable);
    }

    private static List<String> values(JsonNode variable) throws Exception {
        String query = variable.get("query").get("query").asString();
        Matcher parts = LABEL_VALUES.matcher(query);
        assertThat(parts.matches()).as(query).isTrue();
        return ObservedFleet.prometheus().labelValues(parts.group(1), parts.group(2));
    }

    /** The values of Grafana's variables: its own ones, and the first value of each other one. */
    private static Map<String, String> variables() throws Exception {
        Map<String, String> variables = new LinkedHashMap<>();
        // a scrape may come too late on a machine that others fill
        variables.put("__rate_interval", 8 * Prometheus.SCRAPE_SECONDS + "s");
        variables.put("__range", "1m");
        for (Dashboard dashboard : Dashboard.all()) {
            for (JsonNode variable : dashboard.variables()) {
                if (variable.get("type").asString().equals("query")) {
                    List<String> values = values(variable);
                    variables.put(
                            variable.get("name").asString(),
                            values.contains("sql")
                                    ? "sql"
                                    : values.isEmpty() ? "" : values.getFirst());
                }
            }
        }
        return variables;
    }

    private static boolean shows(
            Dashboard.Query query, Map<String, String> variables, Instant begun) {
        String expression = query.expression();
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            expression = expression.replace("$" + variable.getKey(), variable.getValue());
        }
        assertThat(expression).doesNotContain("$");
        try {
            Prometheus prometheus = ObservedFleet.prometheus();
            return query.instant()
                    ? hasNumber(prometheus.query(expression))
                    : hasNumber(prometheus.range(expression, begun, Instant.now()));
        } catch (Exception e) {
            throw new IllegalStateException(expression, e);
        }
    }

    /** True if not every value is a division of zero by zero. */
    private static boolean hasNumber(JsonNode result) {
        List<JsonNode> points = new ArrayList<>();
        for (JsonNode series : result) {
            if (series.has("value")) {
                points.add(series.get("value"));
            } else {
                series.get("values").forEach(points::add);
            }
        }
        return points.stream().anyMatch(point -> !point.get(1).asString().equals("NaN"));
    }
}
