package dev.weft.settings.secret;

import org.jspecify.annotations.Nullable;

/** Keys and tokens, which are sent behind {@code Bearer} in a header. */
public final class BearerText {
    private BearerText() {}

    /** A text without white space around it, such as a file's last line end; null for none. */
    public static @Nullable String bare(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    /** Whether a header can hold a text: letters, digits and signs of ASCII. */
    public static boolean fits(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 127);
    }
}
