package dev.weft.gateway.measure;

import dev.weft.protocol.error.ErrorCode;
import java.util.Locale;

/** Why no worker was asked. */
enum NotForwarded {
    /** No key, an unknown one, or a request that its caller may not send. */
    NO_KEY,
    /** The catalog could not say whose the key is. */
    ACCESS_UNAVAILABLE,
    /** The model does not exist, or not for this caller. */
    UNKNOWN_MODEL,
    /** The catalog was never heard, or the adapter did not become ready in time. */
    ADAPTER_UNAVAILABLE,
    /** The request can't be read. */
    BAD_REQUEST,
    /** A limit of the key, or the tenant's share of a full queue. */
    LIMITED,
    /** The gateway shuts down or has no memory left, or its queue is full or too slow. */
    OVERLOADED,
    /** No worker is ready. */
    NO_WORKER,
    /** Its time was over. */
    TIMEOUT,
    /** The gateway has failed. */
    INTERNAL;

    /** The metric tag. */
    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }

    static NotForwarded of(ErrorCode code) {
        return switch (code) {
            case INVALID_API_KEY, FORBIDDEN, UNSUPPORTED_MEDIA_TYPE -> NO_KEY;
            case ACCESS_UNAVAILABLE -> ACCESS_UNAVAILABLE;
            case MODEL_NOT_FOUND -> UNKNOWN_MODEL;
            case ADAPTER_LOADING, ADAPTER_UNAVAILABLE -> ADAPTER_UNAVAILABLE;
            case INVALID_REQUEST,
                    INVALID_VALUE,
                    INVALID_FUNCTION_PARAMETERS,
                    INVALID_JSON_SCHEMA,
                    UNSUPPORTED_PARAMETER,
                    CONSTRAINT_FAILED,
                    CONTEXT_LENGTH_EXCEEDED,
                    NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    REQUEST_TOO_LARGE ->
                    BAD_REQUEST;
            case RATE_LIMITED, TOKENS_LIMITED, INSUFFICIENT_QUOTA -> LIMITED;
            case OVERLOADED -> OVERLOADED;
            case NO_WORKER -> NO_WORKER;
            case TIMEOUT -> TIMEOUT;
            case WORKER_FAILED, REQUEST_FAILED, INTERNAL -> INTERNAL;
        };
    }
}
