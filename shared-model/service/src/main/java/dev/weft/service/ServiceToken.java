package dev.weft.service;

import dev.weft.settings.secret.BearerText;
import org.jspecify.annotations.Nullable;

/**
 * The token that a service sends to the catalog.
 *
 * @param text null for none
 */
public record ServiceToken(@Nullable String text) {
    /** No token. */
    public static final ServiceToken NONE = new ServiceToken(null);

    /**
     * White space around the text, such as a file's last line end, is no part of it.
     *
     * @throws UnusableException if no header can hold it; the message leaves it out
     */
    public ServiceToken {
        text = checked(text, "the token for the catalog (WEFT_TOKEN)");
    }

    /**
     * A bearer's text without white space around it; null if nothing is left.
     *
     * @param what it is, for the message
     * @throws UnusableException if no header can hold it; the message leaves it out
     */
    public static @Nullable String checked(@Nullable String text, String what) {
        String bare = BearerText.bare(text);
        if (bare != null && !BearerText.fits(bare)) {
            throw new UnusableException(what + " holds a character that is allowed in no header");
        }
        return bare;
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
