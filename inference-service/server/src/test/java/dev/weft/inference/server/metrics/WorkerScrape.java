package dev.weft.inference.server.metrics;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a service showed at one moment.
 *
 * @param text the whole answer
 * @param samples values by name and labels, as the text has them
 */
public record WorkerScrape(String contentType, String text, Map<String, Double> samples) {
    /** Asks once. */
    public static WorkerScrape of(URI service, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(service.resolve(path)).timeout(Duration.ofMinutes(1));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return parse(answer.headers().firstValue("Content-Type").orElse(""), answer.body());
        }
    }

    private static WorkerScrape parse(String contentType, String text) {
        Map<String, Double> samples = new TreeMap<>();
        text.lines()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .forEach(line -> {
                    int end = line.contains("}") ? line.lastIndexOf('}') + 1 : line.indexOf(' ');
                    String value = line.substring(end).strip().split(" ", -1)[0];
                    samples.put(
                            line.substring(0, end),
                            value.equals("+Inf")
                                    ? Double.POSITIVE_INFINITY
                                    : Double.parseDouble(value));
                });
        return new WorkerScrape(contentType, text, samples);
    }

    /** The value of one series; fails if it isn't there. */
    public double value(String series) {
        Double value = samples.get(series);
        if (value == null) {
            throw new AssertionError(series + " is not among " + samples.keySet());
        }
        return value;
    }

    /** Names of families with their types. */
    public Map<String, String> types() {
        return text.lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ", -1))
                .collect(Collectors.toMap(words -> words[2], words -> words[3]));
    }

    /** All series of a name. */
    public Set<String> series(String name) {
        return samples.keySet().stream()
                .filter(series -> series.equals(name) || series.startsWith(name + "{"))
                .collect(Collectors.toSet());
    }

    /** Upper ends of a histogram's buckets. */
    public double[] bounds(String name) {
        return samples.keySet().stream()
                .filter(series -> series.startsWith(name + "_bucket{"))
                .map(series -> series.replaceAll(".*le=\"([^\"]*)\".*", "$1"))
                .filter(bound -> !bound.equals("+Inf"))
                .mapToDouble(Double::parseDouble)
                .sorted()
                .toArray();
    }

    @Override
    public String toString() {
        return contentType + Arrays.toString(samples.entrySet().toArray());
    }
}
