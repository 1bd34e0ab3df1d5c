package dev.weft.access.holder;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says which of the requests that wait go first. The order is that of rank, the lowest first. */
public enum Priority {
    LOW,
    NORMAL,
    HIGH;

    /** The allowed words, for messages. */
    public static final String ALLOWED =
            Arrays.stream(values())
                    .sorted((a, b) -> b.compareTo(a))
                    .map(Priority::word)
                    .collect(Collectors.joining(", "));

    /** The word that headers and JSON have for it. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The priority of that word; empty if there is no such priority. */
    public static Optional<Priority> ofWord(String word) {
        return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }

    /**
     * Reads a priority from JSON.
     *
     * @throws IllegalArgumentException if there is no such priority; says what is allowed
     */
    @JsonCreator
    static Priority read(String word) {
        return ofWord(word)
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "priority '" + word + "': allowed are " + ALLOWED));
    }

    /** The lower of the two. */
    public Priority atMost(Priority other) {
        return compareTo(other) <= 0 ? this : other;
    }
}
