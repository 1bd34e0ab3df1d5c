package dev.weft.gateway.forward.request;

import dev.weft.access.holder.HeldKey;
import dev.weft.access.holder.Holder;
import dev.weft.access.holder.Priority;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import org.springframework.http.HttpHeaders;

/**
 * Reads the priority of a request among those that wait: its key's, or a lower one if the client
 * asks for it.
 */
public final class PriorityReader {
    static final String HEADER = "weft-priority";

    private PriorityReader() {}

    /**
     * The priority of a request.
     *
     * @throws ApiException 400 if the header names no priority
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

    /** The text, or enough of it to recognise it. */
    private static String shown(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }
}
