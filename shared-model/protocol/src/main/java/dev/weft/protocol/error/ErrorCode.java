package dev.weft.protocol.error;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/** Every way a request can fail, as the client sees it. */
public enum ErrorCode {
    INVALID_REQUEST(400, "invalid_request_error", "invalid_request", false),
    INVALID_VALUE(400, "invalid_request_error", "invalid_value", false),
    /**
     * A schema of a tool's parameters that its {@code strict} does not allow, as OpenAI calls it.
     */
    INVALID_FUNCTION_PARAMETERS(400, "invalid_request_error", "invalid_function_parameters", false),
    /** A schema of an answer, as OpenAI's Responses call it. */
    INVALID_JSON_SCHEMA(400, "invalid_request_error", "invalid_json_schema", false),
    UNSUPPORTED_PARAMETER(400, "invalid_request_error", "unsupported_parameter", false),
    /**
     * The answer does not keep to the form that the request asks for, or can't be completed in it;
     * an answer of other tokens may.
     */
    CONSTRAINT_FAILED(400, "invalid_request_error", "constraint_failed", true),
    CONTEXT_LENGTH_EXCEEDED(400, "invalid_request_error", "context_length_exceeded", false),
    INVALID_API_KEY(401, "invalid_request_error", "invalid_api_key", false),
    FORBIDDEN(403, "invalid_request_error", "forbidden", false),
    MODEL_NOT_FOUND(404, "invalid_request_error", "model_not_found", false),
    NOT_FOUND(404, "invalid_request_error", "not_found", false),
    METHOD_NOT_ALLOWED(405, "invalid_request_error", "method_not_allowed", false),
    REQUEST_TOO_LARGE(413, "invalid_request_error", "request_too_large", false),
    UNSUPPORTED_MEDIA_TYPE(415, "invalid_request_error", "unsupported_media_type", false),
    /** The sender's tenant or key has too many requests; others are served. */
    RATE_LIMITED(429, "requests", "rate_limit_exceeded", true),
    /** The sender's key has too many tokens in a minute, which OpenAI tells by the type alone. */
    TOKENS_LIMITED(429, "tokens", "rate_limit_exceeded", true),
    /** The budget of the sender's key is spent. */
    INSUFFICIENT_QUOTA(429, "insufficient_quota", "insufficient_quota", false),
    ADAPTER_LOADING(503, "server_error", "adapter_loading", true),
    ADAPTER_UNAVAILABLE(503, "server_error", "adapter_unavailable", true),
    ACCESS_UNAVAILABLE(503, "server_error", "access_unavailable", true),
    OVERLOADED(503, "server_error", "overloaded", true),
    NO_WORKER(503, "server_error", "no_worker", true),
    WORKER_FAILED(502, "server_error", "worker_failed", true),
    TIMEOUT(504, "server_error", "timeout", true),
    REQUEST_FAILED(500, "server_error", "request_failed", false),
    INTERNAL(500, "server_error", "internal_error", false);

    private static final int RETRY_SECONDS = 2;

    private final int status;
    private final String type;
    private final String code;
    private final boolean retriable;

    ErrorCode(int status, String type, String code, boolean retriable) {
        this.status = status;
        this.type = type;
        this.code = code;
        this.retriable = retriable;
    }

    /** The error with that {@link #code()}; the first of several. */
    public static Optional<ErrorCode> ofCode(String code) {
        return Arrays.stream(values()).filter(known -> known.code.equals(code)).findFirst();
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** {@code error.type} of the envelope. */
    public String type() {
        return type;
    }

    /** {@code error.code} of the envelope; also the metric tag. */
    public String code() {
        return code;
    }

    /** True if the same request may succeed later. */
    public boolean retriable() {
        return retriable;
    }

    /** Seconds after which the same request may go well; official clients obey up to 60. */
    public OptionalInt retryAfter() {
        return retriable && (status == 429 || status == 503)
                ? OptionalInt.of(RETRY_SECONDS)
                : OptionalInt.empty();
    }
}
