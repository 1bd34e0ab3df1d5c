package dev.weft.standalone.adapters.client;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Shadows as lines for people. */
public final class ShadowText {
    private ShadowText() {}

    /** One line: which candidate shadows what, how far it is, and why. */
    public static String line(JsonNode shadow) {
        String reason = shadow.path("reason").asString("");
        return "shadow %d: %s beside %s of %s: %s, %d requests compared, %d of %d tokens used%s"
                .formatted(
                        shadow.path("id").asLong(),
                        FindingText.version(shadow.path("to")),
                        FindingText.version(shadow.path("from")),
                        shadow.path("alias").asString(""),
                        shadow.path("state").asString(""),
                        shadow.path("likeness").path("pairs").asLong(0),
                        shadow.path("tokens").asLong(0),
                        shadow.path("maxTokens").asLong(0),
                        reason.isEmpty() ? "" : " (" + reason + ")");
    }

    /** Its line, what it waits for, a line for each bound, and how alike the answers are. */
    public static List<String> lines(JsonNode shadow) {
        List<String> lines = new ArrayList<>();
        lines.add(line(shadow));
        String waitsFor = shadow.path("waitsFor").asString("");
        if (!waitsFor.isEmpty()) {
            lines.add("  waits for " + waitsFor);
        }
        if (shadow.path("withinBounds").asBoolean(false)) {
            lines.add("  the candidate is within the bounds");
        }
        lines.addAll(FindingText.lines(shadow));
        likeness(lines, shadow.path("likeness"));
        copies(lines, shadow.path("copies"));
        return lines;
    }

    private static void likeness(List<String> lines, JsonNode likeness) {
        if (likeness.path("pairs").asLong(0) > 0) {
            lines.add(
                    "  answers: %s tokens now, %s before; %s ended for the same reason"
                            .formatted(
                                    FindingText.number(likeness.path("toTokens")),
                                    FindingText.number(likeness.path("fromTokens")),
                                    FindingText.number(likeness.path("sameFinish"))));
        }
        if (likeness.path("greedy").asLong(0) > 0) {
            lines.add(
                    "  with temperature 0: %s of %d have the same text, %s of it from its beginning"
                            .formatted(
                                    FindingText.number(likeness.path("sameText")),
                                    likeness.path("greedy").asLong(),
                                    FindingText.number(likeness.path("commonPrefix"))));
        }
    }

    private static void copies(List<String> lines, JsonNode copies) {
        List<String> parts = new ArrayList<>();
        copies.properties()
                .forEach(each -> {
                    if (each.getValue().asLong(0) > 0) {
                        parts.add(each.getValue().asLong(0) + " " + each.getKey());
                    }
                });
        if (!parts.isEmpty()) {
            lines.add("  drawn: " + String.join(", ", parts));
        }
    }
}
