package dev.weft.standalone.adapters.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Rollouts as lines for people. */
public final class RolloutText {
    private RolloutText() {}

    /** One line: which alias goes where, how far it is, and why. */
    public static String line(JsonNode rollout) {
        int step = rollout.path("step").asInt();
        JsonNode steps = rollout.path("steps");
        String reason = rollout.path("reason").asString("");
        return "rollout %d: %s from %s to %s: %s, step %d of %d at %d %%%s"
                .formatted(
                        rollout.path("id").asLong(),
                        rollout.path("alias").asString(""),
                        version(rollout.path("from")),
                        version(rollout.path("to")),
                        rollout.path("state").asString(""),
                        step,
                        steps.size(),
                        steps.path(step - 1).path("weight").asInt(),
                        reason.isEmpty() ? "" : " (" + reason + ")");
    }

    /** The same, with what it waits for and a line for each bound. */
    public static List<String> lines(JsonNode rollout) {
        List<String> lines = new ArrayList<>();
        lines.add(line(rollout));
        String waitsFor = rollout.path("waitsFor").asString("");
        if (!waitsFor.isEmpty()) {
            lines.add("  waits for " + waitsFor);
        }
        for (JsonNode finding : rollout.path("findings")) {
            lines.add(
                    "  %s: %s now, %s before; allowed %s; p %s"
                            .formatted(
                                    finding.path("bound").asString(""),
                                    figure(finding.path("to")),
                                    figure(finding.path("from")),
                                    allowed(finding),
                                    number(finding.path("p"))));
        }
        return lines;
    }

    private static String allowed(JsonNode finding) {
        String value = number(finding.path("allowed"));
        return switch (finding.path("bound").asString("")) {
            case "errorRate" -> value + " more";
            case "score" -> value + " less";
            default -> value + " times that";
        };
    }

    private static String figure(JsonNode figure) {
        String count = " of " + figure.path("count").asLong();
        return (figure.path("value").isNumber() ? number(figure.path("value")) : "nothing") + count;
    }

    private static String number(JsonNode value) {
        return String.format(Locale.ROOT, "%.4g", value.asDouble(0));
    }

    private static String version(JsonNode version) {
        return version.path("adapter").asString("") + "@" + version.path("version").asInt();
    }
}
