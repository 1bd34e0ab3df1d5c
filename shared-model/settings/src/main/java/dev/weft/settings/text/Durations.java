package dev.weft.settings.text;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Durations as deployment files spell them. The unit must be given: Spring takes a bare number for
 * milliseconds, but somebody who writes {@code request-timeout: 30} means seconds.
 */
public final class Durations {
    /** The units that there are. */
    public static final String ALLOWED = "with the unit ms, s, m or h";

    private static final Pattern QUANTITY = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h)");
    private static final Map<String, Duration> UNITS =
            Map.of(
                    "ms", Duration.ofMillis(1),
                    "s", Duration.ofSeconds(1),
                    "m", Duration.ofMinutes(1),
                    "h", Duration.ofHours(1));

    private Durations() {}

    /**
     * Reads a duration.
     *
     * @throws NotAllowedException if the text is not a duration
     */
    public static Duration parse(String text) {
        var parts = QUANTITY.matcher(text.strip());
        Duration unit = parts.matches() ? UNITS.get(parts.group(2)) : null;
        if (unit == null) {
            throw new NotAllowedException(text, "a time " + ALLOWED);
        }
        return unit.multipliedBy(Long.parseLong(parts.group(1)));
    }

    /** Writes it in the largest unit of which it is a whole number. */
    public static String plain(Duration value) {
        if (value.toMillisPart() != 0) {
            return value.toMillis() + "ms";
        }
        if (value.toSecondsPart() != 0 || value.isZero()) {
            return value.toSeconds() + "s";
        }
        return value.toMinutesPart() != 0 ? value.toMinutes() + "m" : value.toHours() + "h";
    }
}
