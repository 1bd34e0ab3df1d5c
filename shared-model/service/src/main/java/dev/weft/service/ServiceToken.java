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

    /**
     * White space around the text, such as a file's last line end, is no part of it.
     *
     * @throws UnusableException if no header can hold it; the message leaves it out
     */
    public ServiceToken {
        text = text == null || text.isBlank() ? null : text.strip();
        if (text != null && !text.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new UnusableException(
                    "the token for the catalog (WEFT_TOKEN) holds a character that is allowed in no"
                            + " header");
        }
    }

    /** A token that can't be sent. */
    public static final class UnusableException extends IllegalArgumentException {
        private UnusableException(String message) {
            super(message);
        }
    }

    /** Leaves the text out. */
    @Override
    public String toString() {
        return "ServiceToken[" + (text == null ? "none" : "***") + "]";
    }
}
