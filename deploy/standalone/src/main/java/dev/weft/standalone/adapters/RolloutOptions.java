package dev.weft.standalone.adapters;

import dev.weft.standalone.adapters.client.AliasTarget;
import dev.weft.standalone.failure.CommandException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How a rollout goes, as options. What is left out is not sent. */
final class RolloutOptions {
    private static final Pattern STEP =
            Pattern.compile("(?<weight>[1-9][0-9]?)=(?<time>[0-9]+(s|m|h))");

    @Option(
            names = "--from",
            paramLabel = "VERSION",
            description = "The version before, if there is no such alias yet.")
    private @Nullable String from;

    @Option(
            names = "--step",
            paramLabel = "PERCENT=TIME",
            description =
                    "A step, like 10=15m; repeatable (default: 5=10m, 25=10m and 50=10m). After"
                            + " the last one all requests go to the new version.")
    private @Nullable List<String> steps;

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
            names = "--score",
            paramLabel = "N",
            description = "By how much the mean of a judge's scores may be lower.")
    private @Nullable Double score;

    @Option(
            names = "--quantile",
            paramLabel = "N",
            description = "The quantile of times that is compared (default: 0.9).")
    private @Nullable Double quantile;

    @Option(
            names = "--alpha",
            paramLabel = "N",
            description =
                    "The chance that a version within the bounds is taken back all the same"
                            + " (default: 0.01).")
    private @Nullable Double alpha;

    @Option(
            names = "--min-requests",
            paramLabel = "N",
            description = "Requests of each version that a step needs (default: 200).")
    private @Nullable Integer minRequests;

    @Option(
            names = "--min-scores",
            paramLabel = "N",
            description = "Scores of each version that a step needs (default: 50).")
    private @Nullable Integer minScores;

    void writeTo(ObjectNode body) throws CommandException {
        if (from != null) {
            AliasTarget target = AliasTarget.parse(from);
            body.putObject("from")
                    .put("adapter", target.adapter())
                    .put("version", target.version());
        }
        if (steps != null) {
            ArrayNode list = body.putArray("steps");
            for (String step : steps) {
                Matcher parts = STEP.matcher(step);
                if (!parts.matches()) {
                    throw new CommandException(
                            "--step '"
                                    + step
                                    + "': allowed is 1 to 99, =, and a time with the unit s, m or"
                                    + " h, like 10=15m");
                }
                list.addObject()
                        .put("weight", Integer.parseInt(parts.group("weight")))
                        .put("time", parts.group("time"));
            }
        }
        bounds(body);
        put(body, "quantile", quantile);
        put(body, "alpha", alpha);
        if (minRequests != null) {
            body.put("minRequests", minRequests);
        }
        if (minScores != null) {
            body.put("minScores", minScores);
        }
    }

    private void bounds(ObjectNode body) {
        if (errorRate == null && firstToken == null && timePerToken == null && score == null) {
            return;
        }
        ObjectNode bounds = body.putObject("bounds");
        put(bounds, "errorRate", errorRate);
        put(bounds, "firstToken", firstToken);
        put(bounds, "timePerToken", timePerToken);
        put(bounds, "score", score);
    }

    private static void put(ObjectNode object, String field, @Nullable Double value) {
        if (value != null) {
            object.put(field, value);
        }
    }
}
