package dev.weft.system.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of docs/metrics.md. */
final class MetricsPage {
    private static final Path FILE =
            Path.of("..", "..", "docs", "metrics.md").toAbsolutePath().normalize();
    private static final String HEADING = "| metric | type | unit | labels | meaning | shown on |";
    private static final int COLUMNS = 6;
    private static final Set<String> JOBS = Set.of("weft-gateway", "weft-worker", "weft-catalog");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern EXPLANATION = Pattern.compile("\\([^)]*\\)");

    /**
     * A row.
     *
     * @param jobs Prometheus' jobs of the services
     * @param shownOn names of dashboards
     */
    record Metric(
            String name, Set<String> jobs, String type, Set<String> labels, Set<String> shownOn) {}

    private MetricsPage() {}

    /** All rows by name. */
    static Map<String, Metric> read() throws IOException {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        Set<String> jobs = Set.of();
        boolean inTable = false;
        Set<String> before = Set.of();
        for (String line : Files.readAllLines(FILE)) {
            if (line.startsWith("## ")) {
                jobs = jobs(line.substring(3).toLowerCase(Locale.ROOT));
            }
            inTable = line.equals(HEADING) || (inTable && line.startsWith("|"));
            if (inTable && line.startsWith("| `")) {
                Metric metric = row(line, jobs, before);
                assertThat(metrics.put(metric.name(), metric)).as(metric.name()).isNull();
                before = metric.labels();
            }
        }
        return metrics;
    }

    /** The jobs of a heading: every service, one, or one and another. */
    private static Set<String> jobs(String services) {
        return services.equals("every service")
                ? JOBS
                : Stream.of(services.split(" and "))
                        .map("weft-"::concat)
                        .collect(Collectors.toSet());
    }

    private static Metric row(String line, Set<String> jobs, Set<String> before) {
        List<String> cells = new ArrayList<>();
        for (String cell : line.substring(1, line.lastIndexOf('|')).split("\\|", -1)) {
            cells.add(cell.strip());
        }
        assertThat(cells).as(line).hasSize(COLUMNS).element(4).asString().isNotEmpty();
        Set<String> labels = new TreeSet<>();
        if (cells.get(3).startsWith("the same")) {
            labels.addAll(before);
        }
        Matcher label = CODE.matcher(EXPLANATION.matcher(cells.get(3)).replaceAll(""));
        while (label.find()) {
            labels.add(label.group(1));
        }
        return new Metric(
                cells.get(0).replace("`", ""),
                jobs,
                cells.get(1),
                labels,
                new TreeSet<>(List.of(cells.get(5).split(", "))));
    }
}
