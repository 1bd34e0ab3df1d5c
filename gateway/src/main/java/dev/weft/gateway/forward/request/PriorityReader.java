package dev.weft.gateway.forward.request;

import dev.weft.access.holder.HeldKey;
import dev.weft.access.holder.Holder;
import dev.weft.access.holder.Priority;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import org.springframework.http.HttpHeaders;

/**
 * Reads how soon a request goes if several wait: as its key says, or less if the client says so.
 */
public final class PriorityReader {
    static final String HEADER = "weft-priority";

    private PriorityReader() {}

    /**
     * The priority of a request.
     *
     * @throws ApiException 400 if the header names none
     */
    public static Priority read(HttpHeaders headers, Holder holder) {
        HeldKey key = holder.key();
        Priority highest = key == null ? Priority.NORMAL : key.limits().highest();
        String asked = headers.getFirst(HEADER);
        if (asked == null) {
            return highest;
        }
        return Priority.ofWord(asked)
                .orElseThrow(() ->
                        new ApiException(
                                ErrorCode.INVALID_VALUE,
                                "The header %s is '%s'; allowed are %s."
                                        .formatted(HEADER, shown(asked), Priority.ALLOWED)))
                .atMost(highest);
    }

    /** Enough of it to recognise it. */
    private static String shown(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }
}
