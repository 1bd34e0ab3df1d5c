package dev.weft.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The content of a gateway's /actuator/prometheus. */
public final class GatewayScrape {
    private static final Pattern LINE = Pattern.compile("([a-zA-Z0-9_:]+)(?:\\{(.*)})? ([^ ]+)");
    private static final Pattern LABEL = Pattern.compile("([a-z0-9_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    private record Sample(String name, Map<String, String> labels, double value) {}

    private final List<Sample> samples = new ArrayList<>();

    private GatewayScrape() {}

    public static GatewayScrape of(GatewayService gateway) throws Exception {
        return parse(Gateways.get(gateway, "/actuator/prometheus").body());
    }

    public static GatewayScrape parse(String text) {
        GatewayScrape scrape = new GatewayScrape();
        text.lines().filter(line -> !line.startsWith("#")).forEach(scrape::add);
        return scrape;
    }

    private void add(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new AssertionError("no sample: " + line);
        }
        Map<String, String> labels = new TreeMap<>();
        Matcher label = LABEL.matcher(matcher.group(2) == null ? "" : matcher.group(2));
        while (label.find()) {
            labels.put(label.group(1), label.group(2));
        }
        String value = matcher.group(3).replace("+Inf", "Infinity");
        samples.add(new Sample(matcher.group(1), labels, Double.parseDouble(value)));
    }

    /** The sum of all series of that name with these labels: name, value, name, value, ... */
    public double sum(String name, String... labels) {
        return matching(name, labels).stream().mapToDouble(Sample::value).sum();
    }

    /** The number of series of that name with these labels. */
    public int count(String name, String... labels) {
        return matching(name, labels).size();
    }

    /**
     * The values of a label of all series of that name with these labels, each as often as seen.
     */
    public List<String> values(String label, String name, String... labels) {
        return matching(name, labels).stream()
                .map(sample -> sample.labels().getOrDefault(label, ""))
                .toList();
    }

    private List<Sample> matching(String name, String... labels) {
        return samples.stream()
                .filter(sample -> sample.name().equals(name) && has(sample, labels))
                .toList();
    }

    private static boolean has(Sample sample, String... labels) {
        for (int i = 0; i < labels.length; i += 2) {
            if (!sample.labels().getOrDefault(labels[i], "").equals(labels[i + 1])) {
                return false;
            }
        }
        return true;
    }
}
