package dev.weft.gateway.error;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.sse.EventWriter;
import java.util.OptionalInt;
import tools.jackson.databind.json.JsonMapper;

/** Writes an error, either as a body in OpenAI's envelope or as the last event of a stream. */
public final class ErrorBody {
    private ErrorBody() {}

    /** The body as UTF-8 JSON. */
    public static byte[] json(ApiException error) {
        return JsonMapper.shared().writeValueAsBytes(error.envelope());
    }

    /** A whole SSE event named {@code error}, with the envelope as its data, in UTF-8. */
    public static byte[] event(ApiException error) {
        return new EventWriter(256).event("error").data(json(error)).toByteArray();
    }

    /** Seconds after which the same request may go well; official clients obey up to 60. */
    public static OptionalInt retryAfter(ErrorCode code) {
        return switch (code) {
            case RATE_LIMITED,
                    ADAPTER_LOADING,
                    ADAPTER_UNAVAILABLE,
                    ACCESS_UNAVAILABLE,
                    OVERLOADED,
                    NO_WORKER ->
                    OptionalInt.of(2);
            case INVALID_REQUEST,
                    INVALID_VALUE,
                    UNSUPPORTED_PARAMETER,
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
