package dev.weft.standalone.adapters.client;

import java.util.ArrayList;
import java.util.List;
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
                        FindingText.version(rollout.path("from")),
                        FindingText.version(rollout.path("to")),
                        rollout.path("state").asString(""),
                        step,
                        steps.size(),
                        steps.path(step - 1).path("weight").asInt(),
                        reason.isEmpty() ? "" : " (" + reason + ")");
    }

    /** Its line, what it waits for, and a line for each bound. */
    public static List<String> lines(JsonNode rollout) {
        List<String> lines = new ArrayList<>();
        lines.add(line(rollout));
        String waitsFor = rollout.path("waitsFor").asString("");
        if (!waitsFor.isEmpty()) {
            lines.add("  waits for " + waitsFor);
        }
        FindingText.lines(rollout).forEach(lines::add);
        return lines;
    }
}
