package dev.weft.protocol.error;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;

/** Reports a body that is not JSON: the error and its position, but not the client's words. */
public final class InvalidJson {
    /** Jackson's quotation of the text that it found. */
    private static final Pattern QUOTED = Pattern.compile("Unrecognized token '.*?': ");

    /** Jackson's words for a name, a number or a nesting that is beyond what is read. */
    private static final Pattern BOUND =
            Pattern.compile(
                    "(\\w.*) \\((\\d+)\\) exceeds the maximum allowed \\((\\d+), .*",
                    Pattern.DOTALL);

    /** Jackson's place of an object's or a list's begin, which names its own features. */
    private static final Pattern BEGIN =
            Pattern.compile(" \\(start marker at \\[Source: .*?\\]\\)");

    private InvalidJson() {}

    /** Jackson's words for a fault, without those that only programmers understand. */
    public static String words(JacksonException fault) {
        return BEGIN.matcher(String.valueOf(fault.getOriginalMessage())).replaceAll("");
    }

    /** Reports what a reader of JSON found. */
    public static ApiException body(JacksonException fault) {
        String words = words(fault);
        Matcher bound = BOUND.matcher(words);
        if (bound.matches()) {
            return new ApiException(
                    ErrorCode.INVALID_REQUEST,
                    "The body is not served: %s is %s%s; allowed: up to %s."
                            .formatted(
                                    bound.group(1).toLowerCase(Locale.ROOT),
                                    bound.group(2),
                                    at(fault.getLocation()),
                                    bound.group(3)),
                    fault);
        }
        String what = QUOTED.matcher(words).replaceFirst("Unrecognized token: ");
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
