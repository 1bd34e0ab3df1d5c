package dev.weft.protocol.json;

import org.jspecify.annotations.Nullable;

/** Fields that a text in JSON must have. */
public final class RequiredField {
    private RequiredField() {}

    /**
     * Returns a field's value.
     *
     * @param value null if the text does not have it
     * @throws IllegalArgumentException if it is missing; names the field
     */
    public static <T> T required(@Nullable T value, String field) {
        if (value == null) {
            throw new IllegalArgumentException("field " + field + " is missing");
        }
        return value;
    }
}
