package dev.weft.service;

import org.jspecify.annotations.Nullable;

/**
 * An admin's token of the process that starts services. A catalog in that process accepts it; no
 * service gets to know it but the catalog, and none sends it.
 *
 * @param text null for none
 */
public record LauncherToken(@Nullable String text) {
    /** There is none. */
    public static final LauncherToken NONE = new LauncherToken(null);

    /** Leaves the text out. */
    @Override
    public String toString() {
        return "LauncherToken[" + (text == null ? "none" : "***") + "]";
    }
}
