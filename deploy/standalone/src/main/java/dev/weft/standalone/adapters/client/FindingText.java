package dev.weft.standalone.adapters.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** What bounds say about two versions, as lines for people. */
final class FindingText {
    private FindingText() {}

    /** A line for each finding of a rollout or a shadow. */
    static List<String> lines(JsonNode of) {
        List<String> lines = new ArrayList<>();
        for (JsonNode finding : of.path("findings")) {
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

    static String number(JsonNode value) {
        return String.format(Locale.ROOT, "%.4g", value.asDouble(0));
    }

    static String version(JsonNode version) {
        return version.path("adapter").asString("") + "@" + version.path("version").asInt();
    }
}
