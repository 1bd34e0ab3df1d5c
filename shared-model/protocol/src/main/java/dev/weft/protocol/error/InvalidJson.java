package dev.weft.protocol.error;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;

/** Reports a body that is not JSON: the error and its position, but not the client's words. */
public final class InvalidJson {
    /** Jackson's quotation of the text that it found. */
    private static final Pattern QUOTED = Pattern.compile("Unrecognized token '.*?': ");

    private InvalidJson() {}

    public static ApiException body(JacksonException fault) {
        String what =
                QUOTED.matcher(String.valueOf(fault.getOriginalMessage()))
                        .replaceFirst("Unrecognized token: ");
        return new ApiException(
                ErrorCode.INVALID_REQUEST,
                "The body is not valid JSON: " + what + at(fault.getLocation()) + ".",
                fault);
    }

    /**
     * Reports a body that is not UTF-8.
     *
     * @param at index of the first byte that belongs to no character
     */
    public static ApiException encoding(int at) {
        return new ApiException(
                ErrorCode.INVALID_REQUEST,
                "The body is not valid JSON: it is not UTF-8 (byte " + (at + 1) + ").");
    }

    /** The place in the body, in brackets; empty if it is not known. */
    public static String at(@Nullable TokenStreamLocation location) {
        return location == null || location.getLineNr() < 1
                ? ""
                : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }
}
