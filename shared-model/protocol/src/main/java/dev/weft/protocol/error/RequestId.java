package dev.weft.protocol.error;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Ids by which clients, gateways and workers speak of a request. */
public final class RequestId {
    /** The header of requests and answers. */
    public static final String HEADER = "x-request-id";

    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]{1,128}");

    private RequestId() {}

    /**
     * An id as a client sent it; null if it is missing or not a valid id.
     *
     * @param value of a header; null if there is none
     */
    public static @Nullable String sent(@Nullable String value) {
        return value != null && FORM.matcher(value).matches() ? value : null;
    }
}
