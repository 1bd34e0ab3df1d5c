package dev.weft.system.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Checks that docs/metrics.md, dashboards and alerts name the same metrics. */
class MetricsListTest {
    /** Metrics of Prometheus itself, and those of Spring Boot that exist with TLS. */
    private static final Set<String> BUILT_IN = Set.of("up", "ALERTS", "ssl_chain_expiry_seconds");

    /** Labels that Prometheus gives to every series, or makes from a histogram. */
    private static final Set<String> GIVEN = Set.of("job", "instance", "le");

    private static final Pattern VARIABLE = Pattern.compile("label_values\\(([\\w:]+), (\\w+)\\)");

    @Test
    void dashboardsShowWhatThePageSays() throws Exception {
        Map<String, MetricsPage.Metric> listed = MetricsPage.read();
        Map<String, Set<String>> said = new TreeMap<>();
        Map<String, Set<String>> shown = new TreeMap<>();
        for (MetricsPage.Metric metric : listed.values()) {
            said.put(metric.name(), metric.shownOn());
            shown.put(metric.name(), new TreeSet<>());
        }
        for (Dashboard dashboard : Dashboard.all()) {
            List<String> expressions =
                    dashboard.queries().stream().map(Dashboard.Query::expression).toList();
            for (List<PromQl.Selector> selectors : PromQl.selectors(expressions)) {
                for (PromQl.Selector selector : known(selectors)) {
                    shown.computeIfAbsent(named(selector, listed).name(), _ -> new TreeSet<>())
                            .add(dashboard.name());
                }
            }
        }

        assertThat(shown).containsExactlyEntriesOf(said);
    }

    @Test
    void alertsAndVariablesAskForWhatIsListed() throws Exception {
        Map<String, MetricsPage.Metric> listed = MetricsPage.read();
        List<String> expressions = new ArrayList<>();
        AlertRules.alerts().forEach(alert -> expressions.add(alert.expression()));
        for (List<PromQl.Selector> selectors : PromQl.selectors(expressions)) {
            assertThat(selectors).isNotEmpty();
            known(selectors).forEach(selector -> named(selector, listed));
        }
        for (Dashboard dashboard : Dashboard.all()) {
            for (String query : dashboard.variableQueries()) {
                Matcher parts = VARIABLE.matcher(query);
                assertThat(parts.matches()).as(query).isTrue();
                named(new PromQl.Selector(parts.group(1), List.of(parts.group(2))), listed);
            }
        }
    }

    /** The selectors without Prometheus' own metrics and recorded rules. */
    private static List<PromQl.Selector> known(List<PromQl.Selector> selectors) throws IOException {
        List<String> recorded = AlertRules.recorded();
        return selectors.stream()
                .filter(selector -> !BUILT_IN.contains(selector.name()))
                .filter(selector -> !recorded.contains(selector.name()))
                .toList();
    }

    /** The listed metric of a selector; it must have the selector's labels. */
    private static MetricsPage.Metric named(
            PromQl.Selector selector, Map<String, MetricsPage.Metric> listed) {
        String name = selector.name();
        boolean whole = listed.containsKey(name);
        MetricsPage.Metric metric =
                listed.get(whole ? name : name.replaceFirst("_(bucket|sum|count)$", ""));
        if (metric == null) {
            throw new AssertionError("docs/metrics.md does not list " + name);
        }
        assertThat(metric.type().equals("histogram"))
                .as(name + " is a histogram")
                .isEqualTo(!whole);
        Set<String> labels = new TreeSet<>(selector.labels());
        labels.removeAll(GIVEN);
        assertThat(metric.labels()).as("labels of " + metric.name()).containsAll(labels);
        return metric;
    }
}
