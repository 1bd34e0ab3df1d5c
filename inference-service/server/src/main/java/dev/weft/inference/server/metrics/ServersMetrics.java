package dev.weft.inference.server.metrics;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/**
 * The metrics that a server beside the worker has of itself. Families that the worker has too are
 * left out, since a family may appear only once.
 */
final class ServersMetrics implements RuntimeMetrics {
    private static final Set<String> ENDINGS =
            Set.of("_total", "_created", "_bucket", "_count", "_sum", "_info");

    private final Callable<String> scrape;
    private final PrometheusRegistry own;

    /**
     * @param scrape asks the server; an {@link IOException} means that it says nothing
     */
    ServersMetrics(Callable<String> scrape, PrometheusRegistry own) {
        this.scrape = scrape;
        this.own = own;
    }

    @Override
    public String text() {
        String text;
        try {
            text = scrape.call();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        } catch (Exception e) {
            return "";
        }
        Set<String> mine =
                own.scrape().stream()
                        .map(snapshot -> base(snapshot.getMetadata().getPrometheusName()))
                        .collect(Collectors.toUnmodifiableSet());
        return text.lines()
                .filter(line -> !mine.contains(base(family(line))))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private static String family(String line) {
        String[] words = line.split("[ {]", 4);
        boolean comment = words[0].equals("#");
        return comment && words.length > 2 ? words[2] : words[0];
    }

    /** A family's name without the ending that its kind of metric adds. */
    private static String base(String name) {
        String base = name.replace(':', '_');
        for (String ending : ENDINGS) {
            if (base.endsWith(ending)) {
                return base.substring(0, base.length() - ending.length());
            }
        }
        return base;
    }
}
