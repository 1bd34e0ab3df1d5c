package dev.weft.system.observability;

import dev.weft.system.fleet.Alone;
import dev.weft.system.fleet.Http;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Checks that services under load have exactly the metrics that docs/metrics.md lists. */
@Alone
@ExtendWith(ObservedFleet.class)
class MetricsSaidTest {
    private static final Pattern OURS = Pattern.compile("(weft_|vllm:|gen_ai_).*");

    @Test
    void servicesSayWhatThePageLists() throws Exception {
        Map<String, String> listed = new TreeMap<>();
        MetricsPage.read()
                .values()
                .forEach(metric ->
                        metric.jobs()
                                .forEach(job ->
                                        listed.put(
                                                job + " " + metric.name(),
                                                metric.type() + " " + metric.labels())));
        Map<String, String> said = new TreeMap<>();

        Http.await(
                () ->
                        "listed:\n%s\nsaid:\n%s"
                                .formatted(onlyIn(listed, said), onlyIn(said, listed)),
                () -> {
                    ObservedFleet.load().check();
                    said.putAll(said());
                    return said.equals(listed);
                });
    }

    /** Type and labels by job and name. */
    private static Map<String, String> said() throws Exception {
        Map<String, String> said = new TreeMap<>();
        for (Map.Entry<String, URI> service : ObservedFleet.services().entrySet()) {
            Map<String, Exposition.Family> families = Exposition.of(service.getValue());
            families.forEach((name, family) -> {
                if (OURS.matcher(name).matches() && !isLargest(name, families)) {
                    said.put(service.getKey() + " " + name, family.type() + " " + family.labels());
                }
            });
        }
        return said;
    }

    /** True for the largest recent value, which accompanies a histogram, as the page says. */
    private static boolean isLargest(String name, Map<String, Exposition.Family> families) {
        if (!name.endsWith("_max")) {
            return false;
        }
        Exposition.Family family = families.get(name.substring(0, name.length() - 4));
        return family != null && family.type().equals("histogram");
    }

    private static String onlyIn(Map<String, String> these, Map<String, String> those) {
        Map<String, String> only = new TreeMap<>(these);
        only.entrySet().removeIf(entry -> entry.getValue().equals(those.get(entry.getKey())));
        return String.join("\n", only.entrySet().stream().map(Object::toString).toList());
    }
}
