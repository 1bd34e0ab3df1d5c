package dev.weft.protocol.adapter;

import org.jspecify.annotations.Nullable;

/**
 * Why an adapter was refused, or what its owner should know. Fields that do not apply are null.
 * Text from an adapter's files is cut to {@value #LONGEST} characters, without control characters.
 *
 * @param code stable, upper snake case, e.g. {@code RANK_OVER_MAXIMUM}
 * @param file file of the adapter's folder
 * @param tensor tensor or key of that file
 * @param found the value there
 * @param allowed the values that are allowed there
 * @param message one sentence for a person that holds all of the above
 */
public record Reason(
        String code,
        @Nullable String file,
        @Nullable String tensor,
        @Nullable String found,
        @Nullable String allowed,
        String message) {
    static final int LONGEST = 256;

    private static final String MORE = "...";

    public Reason {
        file = shown(file);
        tensor = shown(tensor);
        found = shown(found);
    }

    private static @Nullable String shown(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String cut =
                text.length() <= LONGEST ? text : text.substring(0, LONGEST - MORE.length()) + MORE;
        return cut.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?");
    }
}
