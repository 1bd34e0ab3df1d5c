package dev.weft.gateway.measure;

import dev.weft.protocol.error.ErrorCode;
import java.util.Locale;

/** How a request ended, for metrics. */
public enum RequestOutcome {
    /** The answer is as asked for. */
    OK,
    /** The request was at fault: a 4xx, of the gateway or the worker, also within a stream. */
    REFUSED,
    /** No worker could take it: a 503. */
    UNAVAILABLE,
    /** Another 5xx. */
    FAILED,
    /** The worker said nothing for too long, or the gateway's own bound was over. */
    TIMED_OUT,
    /** The time that the client itself allowed was over, before the answer or within it. */
    EXPIRED,
    /** The answer had begun and was not finished. */
    BROKEN,
    /** The client left. */
    CANCELLED;

    /** True if the fault is Weft's, not the client's. */
    public boolean failed() {
        return switch (this) {
            case OK, REFUSED, EXPIRED, CANCELLED -> false;
            case UNAVAILABLE, FAILED, TIMED_OUT, BROKEN -> true;
        };
    }

    /** True if its client did not wait for the end of the answer. */
    public boolean isGivenUp() {
        return this == CANCELLED || this == EXPIRED;
    }

    /** The metric tag. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static RequestOutcome ofStatus(int status) {
        if (status < 400) {
            return OK;
        }
        if (status < 500) {
            return REFUSED;
        }
        return status == 503 ? UNAVAILABLE : FAILED;
    }

    public static RequestOutcome of(ErrorCode code) {
        return code == ErrorCode.TIMEOUT ? TIMED_OUT : ofStatus(code.status());
    }
}
