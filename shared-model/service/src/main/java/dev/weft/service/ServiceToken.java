package dev.weft.service;

import org.jspecify.annotations.Nullable;

/**
 * The token that a service sends to the catalog.
 *
 * @param text null for none
 */
public record ServiceToken(@Nullable String text) {
    /** There is none. */
    public static final ServiceToken NONE = new ServiceToken(null);

    /** Leaves the text out. */
    @Override
    public String toString() {
        return "ServiceToken[" + (text == null ? "none" : "***") + "]";
    }
}
