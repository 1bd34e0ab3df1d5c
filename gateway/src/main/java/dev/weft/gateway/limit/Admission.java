package dev.weft.gateway.limit;

import dev.weft.protocol.error.ApiException;
import java.util.Map;

/** Whether a request may go on. */
public sealed interface Admission {
    /** Headers of its answer, whatever that is. */
    Map<String, String> headers();

    /** It may; its account hears of its end. */
    record Granted(Map<String, String> headers) implements Admission {
        /** The admission of a request without limits. */
        static final Granted FREE = new Granted(Map.of());
    }

    /** It may not; nothing was taken. */
    record Refused(Map<String, String> headers, ApiException error) implements Admission {}
}
