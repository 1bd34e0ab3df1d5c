package dev.weft.system.observability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Http;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A service's answer at /actuator/prometheus, in Prometheus' text format. */
final class Exposition {
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\w+)");
    private static final Pattern SAMPLE = Pattern.compile("([\\w:]+)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"");

    /**
     * The metrics of one name.
     *
     * @param labels labels of its samples, without the buckets' bounds
     */
    record Family(String type, Set<String> labels) {}

    private Exposition() {}

    /** Reads the families by name; a histogram's name has no suffix. */
    static Map<String, Family> of(URI service) throws Exception {
        HttpResponse<String> answer = Http.get(service.resolve("/actuator/prometheus"));
        assertThat(answer.statusCode()).isEqualTo(200);
        Map<String, Family> families = new TreeMap<>();
        answer.body()
                .lines()
                .forEach(line -> {
                    Matcher type = TYPE.matcher(line);
                    if (type.matches()) {
                        families.put(type.group(1), new Family(type.group(2), new TreeSet<>()));
                    } else if (!line.startsWith("#")) {
                        sample(line, families);
                    }
                });
        return families;
    }

    private static void sample(String line, Map<String, Family> families) {
        Matcher sample = SAMPLE.matcher(line);
        assertThat(sample.matches()).as(line).isTrue();
        String name = sample.group(1);
        Family family =
                Objects.requireNonNull(
                        families.getOrDefault(
                                name, families.get(name.replaceFirst("_(bucket|sum|count)$", ""))),
                        line);
        if (sample.group(2) != null) {
            Matcher label = LABEL.matcher(sample.group(2));
            while (label.find()) {
                family.labels().add(label.group(1));
            }
        }
        if (family.type().equals("histogram")) {
            family.labels().remove("le");
        }
    }
}
