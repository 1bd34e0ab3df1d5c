package dev.weft.gateway.error;

import dev.weft.protocol.error.ErrorCode;
import java.util.OptionalInt;

/** Says when a request that failed may come again. */
final class RetryTimes {
    private RetryTimes() {}

    /** Seconds after which the same request may go well; official clients obey up to 60. */
    static OptionalInt retryAfter(ErrorCode code) {
        return switch (code) {
            case RATE_LIMITED,
                    TOKENS_LIMITED,
                    ADAPTER_LOADING,
                    ADAPTER_UNAVAILABLE,
                    ACCESS_UNAVAILABLE,
                    OVERLOADED,
                    NO_WORKER ->
                    OptionalInt.of(2);
            case INSUFFICIENT_QUOTA,
                    INVALID_REQUEST,
                    INVALID_VALUE,
                    INVALID_FUNCTION_PARAMETERS,
                    INVALID_JSON_SCHEMA,
                    UNSUPPORTED_PARAMETER,
                    CONSTRAINT_FAILED,
                    CONTEXT_LENGTH_EXCEEDED,
                    INVALID_API_KEY,
                    FORBIDDEN,
                    UNSUPPORTED_MEDIA_TYPE,
                    MODEL_NOT_FOUND,
                    NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    REQUEST_TOO_LARGE,
                    WORKER_FAILED,
                    REQUEST_FAILED,
                    TIMEOUT,
                    INTERNAL ->
                    OptionalInt.empty();
        };
    }
}
