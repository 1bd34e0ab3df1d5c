package dev.weft.catalog.token;

import dev.weft.catalog.web.JsonBody;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** A duration as the admin API writes it: {@code 90d}, {@code 12h}, {@code 30m}. */
final class Lifetime {
    private static final String ALLOWED = "a number with the unit m, h or d, from 1m to 3650d";

    private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,6})([mhd])");
    private static final Duration LONGEST = Duration.ofDays(3650);

    private Lifetime() {}

    /** An optional field; empty if it is left out or wrong. The body notes a wrong one. */
    static Optional<Duration> of(JsonBody body, String field) {
        JsonNode found = body.field(field);
        Optional<Duration> read = read(found);
        if (read.isEmpty() && !found.isMissingNode() && !found.isNull()) {
            body.fault(field, found, ALLOWED);
        }
        return read;
    }

    private static Optional<Duration> read(JsonNode node) {
        Matcher text = TEXT.matcher(node.isString() ? node.asString() : "");
        if (!text.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(text.group(1));
        Duration read =
                switch (text.group(2)) {
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    default -> Duration.ofDays(number);
                };
        return Optional.of(read).filter(length -> length.compareTo(LONGEST) <= 0);
    }
}
