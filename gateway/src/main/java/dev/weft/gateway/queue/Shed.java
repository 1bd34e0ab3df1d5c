package dev.weft.gateway.queue;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.util.Locale;

/** Why a request does not wait, or waits no longer. */
enum Shed {
    /** The queue is full, and no request in it has to go for this one. */
    FULL(ErrorCode.OVERLOADED),
    /** Its tenant has more than its share of a queue that is full. */
    SHARE(ErrorCode.RATE_LIMITED),
    /** The queue is full, and one of higher priority came. */
    PRIORITY(ErrorCode.OVERLOADED),
    /** No worker had room for it in time. */
    TIMEOUT(ErrorCode.OVERLOADED),
    /** Its adapter did not become ready in time. */
    ADAPTER(ErrorCode.ADAPTER_LOADING);

    private final ErrorCode code;

    Shed(ErrorCode code) {
        this.code = code;
    }

    /** The metric tag. */
    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The client's error.
     *
     * @param base that it asked for
     */
    ApiException error(String base) {
        return new ApiException(
                code,
                switch (this) {
                    case FULL ->
                            "All workers of '%s' are full, and so is the queue before them."
                                    .formatted(base);
                    case SHARE ->
                            "All workers of '%s' are full, and most of the requests that wait for"
                                            .formatted(base)
                                    + " them are yours: send more when some of yours have ended.";
                    case PRIORITY ->
                            "All workers of '%s' are full, and requests of a higher priority wait."
                                    .formatted(base);
                    case TIMEOUT -> "No worker of '%s' had room in time.".formatted(base);
                    case ADAPTER -> "The adapter is known, and is not ready yet.";
                });
    }
}
