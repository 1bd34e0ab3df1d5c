package dev.weft.service;

import org.jspecify.annotations.Nullable;

/**
 * A token of role {@code admin} that the process that starts services has. A catalog in that
 * process accepts it. No other service gets to know it, and no service sends it.
 *
 * @param text null for none
 */
public record LauncherToken(@Nullable String text) {
    /** No token. */
    public static final LauncherToken NONE = new LauncherToken(null);

    /** Leaves the text out. */
    @Override
    public String toString() {
        return "LauncherToken[" + (text == null ? "none" : "***") + "]";
    }
}
