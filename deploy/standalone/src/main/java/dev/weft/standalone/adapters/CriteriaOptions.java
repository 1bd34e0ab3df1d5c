package dev.weft.standalone.adapters;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** What a new version is judged by, as options. Options that are left out are not sent. */
final class CriteriaOptions {
    @Option(
            names = "--error-rate",
            paramLabel = "N",
            description =
                    "By how much the part of requests that fail may be larger. If a bound is given,"
                            + " the others are not compared (default: 0.01, times 1.25).")
    private @Nullable Double errorRate;

    @Option(
            names = "--first-token",
            paramLabel = "N",
            description = "How many times as long the first token may take.")
    private @Nullable Double firstToken;

    @Option(
            names = "--time-per-token",
            paramLabel = "N",
            description = "How many times as long each further token may take.")
    private @Nullable Double timePerToken;

    @Option(
            names = "--quantile",
            paramLabel = "N",
            description = "The quantile of times that is compared (default: 0.9).")
    private @Nullable Double quantile;

    @Option(
            names = "--alpha",
            paramLabel = "N",
            description =
                    "The chance that a version within the bounds is found worse all the same"
                            + " (default: 0.01).")
    private @Nullable Double alpha;

    @Option(
            names = "--min-requests",
            paramLabel = "N",
            description = "Requests of each version without which none is done (default: 200).")
    private @Nullable Integer minRequests;

    /**
     * Writes them.
     *
     * @param score a bound on scores; null for none
     */
    void writeTo(ObjectNode body, @Nullable Double score) {
        if (errorRate != null || firstToken != null || timePerToken != null || score != null) {
            ObjectNode bounds = body.putObject("bounds");
            put(bounds, "errorRate", errorRate);
            put(bounds, "firstToken", firstToken);
            put(bounds, "timePerToken", timePerToken);
            put(bounds, "score", score);
        }
        put(body, "quantile", quantile);
        put(body, "alpha", alpha);
        if (minRequests != null) {
            body.put("minRequests", minRequests);
        }
    }

    private static void put(ObjectNode object, String field, @Nullable Double value) {
        if (value != null) {
            object.put(field, value);
        }
    }
}
