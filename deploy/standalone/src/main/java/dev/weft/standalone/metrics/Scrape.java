package dev.weft.standalone.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The metrics of a service at one moment, read from Prometheus' text format (version 0.0.4). */
public final class Scrape {
    private final long nanos;
    private final Map<String, List<Series>> byName = new HashMap<>();

    private record Series(Map<String, String> labels, double value) {}

    private Scrape(long nanos) {
        this.nanos = nanos;
    }

    /**
     * Reads an answer; leaves out lines that it doesn't understand.
     *
     * @param nanos time of the answer, by {@link System#nanoTime()}
     */
    public static Scrape parse(long nanos, String text) {
        Scrape scrape = new Scrape(nanos);
        text.lines().filter(line -> !line.startsWith("#")).forEach(scrape::read);
        return scrape;
    }

    private void read(String line) {
        int open = line.indexOf('{');
        int space = line.indexOf(' ');
        Map<String, String> labels = new HashMap<>();
        int end = space;
        String name;
        if (open >= 0 && open < space) {
            name = line.substring(0, open);
            end = labels(line, open + 1, labels);
        } else if (space > 0) {
            name = line.substring(0, space);
        } else {
            return;
        }
        try {
            String value = line.substring(end).strip().split(" ", 2)[0];
            byName.computeIfAbsent(name, _ -> new ArrayList<>())
                    .add(new Series(labels, number(value)));
        } catch (NumberFormatException _) {
            // not a sample
        }
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    /** Reads {@code name="value",...}}; returns the index of its end. */
    private static int labels(String line, int from, Map<String, String> to) {
        int at = from;
        while (at < line.length() && line.charAt(at) != '}') {
            int equals = line.indexOf('=', at);
            if (equals < 0) {
                return line.length();
            }
            String name = line.substring(at, equals).replace(",", "").strip();
            StringBuilder value = new StringBuilder();
            at = equals + 2;
            while (at < line.length() && line.charAt(at) != '"') {
                char next = line.charAt(at++);
                if (next == '\\' && at < line.length()) {
                    char escaped = line.charAt(at++);
                    next = escaped == 'n' ? '\n' : escaped;
                }
                value.append(next);
            }
            at++;
            to.put(name, value.toString());
        }
        return Math.min(line.length(), at + 1);
    }

    /** The sum of a name's series; empty if there is none. */
    public OptionalDouble value(String name) {
        return value(name, _ -> true);
    }

    /** The sum of a name's series with that value of a label; empty if there is none. */
    public OptionalDouble value(String name, String label, String value) {
        return value(name, labels -> value.equals(labels.get(label)));
    }

    /** The sum of a name's series whose labels pass; empty if there is none. */
    public OptionalDouble value(String name, Predicate<Map<String, String>> labels) {
        double[] matching =
                byName.getOrDefault(name, List.of()).stream()
                        .filter(series -> labels.test(series.labels))
                        .mapToDouble(Series::value)
                        .toArray();
        if (matching.length == 0) {
            return OptionalDouble.empty();
        }
        double sum = 0;
        for (double one : matching) {
            sum += one;
        }
        return OptionalDouble.of(sum);
    }

    /** All values that a label has in the series of a name, in order. */
    public Set<String> values(String name, String label) {
        Set<String> values = new TreeSet<>();
        for (Series series : byName.getOrDefault(name, List.of())) {
            String value = series.labels.get(label);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    /** Seconds since another one; positive. */
    public double since(Scrape before) {
        return Math.max(1e-9, (nanos - before.nanos) / 1e9);
    }
}
