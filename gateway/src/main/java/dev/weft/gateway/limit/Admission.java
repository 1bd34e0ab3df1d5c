package dev.weft.gateway.limit;

import dev.weft.protocol.error.ApiException;
import java.util.Map;

/** The decision whether a request may go on. */
public sealed interface Admission {
    /** Headers for the request's answer, granted or refused. */
    Map<String, String> headers();

    /** The request may go on; what it took is settled when its tally ends. */
    record Granted(Map<String, String> headers) implements Admission {
        /** The admission of a request without limits. */
        static final Granted FREE = new Granted(Map.of());
    }

    /** The request may not go on; nothing was taken. */
    record Refused(Map<String, String> headers, ApiException error) implements Admission {}
}
