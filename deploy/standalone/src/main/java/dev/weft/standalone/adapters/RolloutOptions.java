package dev.weft.standalone.adapters;

import dev.weft.standalone.adapters.client.AliasTarget;
import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.failure.WrongInputException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How a rollout goes, as options. Options that are left out are not sent. */
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

    @Mixin private CriteriaOptions criteria = new CriteriaOptions();

    @Option(
            names = "--score",
            paramLabel = "N",
            description = "By how much the mean of a judge's scores may be lower.")
    private @Nullable Double score;

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
                    throw new WrongInputException(
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
        criteria.writeTo(body, score);
        if (minScores != null) {
            body.put("minScores", minScores);
        }
    }
}
