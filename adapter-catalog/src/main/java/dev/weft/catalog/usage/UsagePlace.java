package dev.weft.catalog.usage;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where a page of sums begins. Sums come and grow while somebody reads pages, so the next page is
 * found by the group that the one before ended with, and not by its number.
 *
 * @param after values of the group that it begins behind, in the order of {@link
 *     UsageSelection#columns}; empty for the first page
 * @param offset sums that are left out from there on
 */
record UsagePlace(List<Object> after, long offset) {
    static final UsagePlace BEGINNING = new UsagePlace(List.of(), 0);

    UsagePlace {
        after = List.copyOf(after);
    }

    /** The place behind a sum. */
    static UsagePlace behind(UsageSum sum, UsageSelection asked) {
        return new UsagePlace(asked.columns().stream().map(column -> column.of(sum)).toList(), 0);
    }

    /** The values as a parameter of an address. */
    String text() {
        List<Object> values =
                after.stream()
                        .<Object>map(
                                value -> value instanceof LocalDate day ? day.toString() : value)
                        .toList();
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        JsonMapper.shared()
                                .writeValueAsString(values)
                                .getBytes(StandardCharsets.UTF_8));
    }

    /** Reads {@link #text()} of a place among the same columns; empty if it is none. */
    static Optional<List<Object>> read(String text, List<UsageColumn> columns) {
        JsonNode values;
        try {
            values = JsonMapper.shared().readTree(Base64.getUrlDecoder().decode(text));
        } catch (IllegalArgumentException | JacksonException _) {
            return Optional.empty();
        }
        if (!values.isArray() || values.size() != columns.size()) {
            return Optional.empty();
        }
        List<Object> after = new ArrayList<>();
        for (int place = 0; place < columns.size(); place++) {
            columns.get(place).read(values.get(place)).ifPresent(after::add);
        }
        return after.size() == columns.size() ? Optional.of(after) : Optional.empty();
    }
}
