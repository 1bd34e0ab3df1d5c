package dev.weft.gateway.error;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorBodies;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.sse.EventWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Writes an error as the last event of a stream, and says when to come again. */
public final class ErrorBody {
    private static final String RESPONSES = "/v1/responses";

    private ErrorBody() {}

    /** A whole SSE event named {@code error}, in UTF-8. */
    public static byte[] event(ApiException error, String path) {
        byte[] data = path.equals(RESPONSES) ? flat(error) : ErrorBodies.of(error, path);
        return new EventWriter(256).event("error").data(data).toByteArray();
    }

    /** The event of OpenAI's Responses API, which has no envelope. */
    private static byte[] flat(ApiException error) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("type", "error");
        fields.put("code", error.code().code());
        fields.put("message", error.getMessage());
        fields.put("param", error.param());
        return JsonMapper.shared().writeValueAsBytes(fields);
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
