package dev.weft.inference.relay.call;

import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * Samples of some names from a server's {@code /metrics}, in Prometheus' text format (version
 * 0.0.4). A name may have several samples, one for each of the server's engines.
 */
public final class ServerMetrics {
    private final Map<String, DoubleSummaryStatistics> samples;

    private ServerMetrics(Map<String, DoubleSummaryStatistics> samples) {
        this.samples = samples;
    }

    /** Reads samples of these names; a value that is not a finite number is skipped. */
    public static ServerMetrics read(String text, Set<String> names) {
        Map<String, DoubleSummaryStatistics> samples = new HashMap<>();
        text.lines()
                .forEach(line -> {
                    int end = endOfName(line);
                    if (end > 0 && names.contains(line.substring(0, end))) {
                        double value = value(line.substring(end));
                        if (Double.isFinite(value)) {
                            samples.computeIfAbsent(
                                            line.substring(0, end),
                                            _ -> new DoubleSummaryStatistics())
                                    .accept(value);
                        }
                    }
                });
        return new ServerMetrics(samples);
    }

    private static int endOfName(String line) {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '{' || c == ' ' || c == '\t') {
                return i;
            }
        }
        return -1;
    }

    /** The number after a name and its labels; a label's value may have any characters. */
    private static double value(String rest) {
        String[] words = rest.substring(rest.lastIndexOf('}') + 1).strip().split("\\s+", -1);
        try {
            return Double.parseDouble(words[0]);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** The sum of the first name that is there; empty if none is. */
    public OptionalDouble sum(List<String> names) {
        return of(names, DoubleSummaryStatistics::getSum);
    }

    /** The largest sample of the first name that is there; empty if none is. */
    public OptionalDouble most(List<String> names) {
        return of(names, DoubleSummaryStatistics::getMax);
    }

    private OptionalDouble of(List<String> names, ToDoubleFunction<DoubleSummaryStatistics> value) {
        return names.stream()
                .filter(samples::containsKey)
                .mapToDouble(name -> value.applyAsDouble(samples.get(name)))
                .findFirst();
    }
}
