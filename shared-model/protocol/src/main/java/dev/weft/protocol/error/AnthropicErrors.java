package dev.weft.protocol.error;

import dev.weft.protocol.path.ModelPaths;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Errors as clients of Anthropic's Messages API expect them: {@code {"type": "error", "error":
 * {"type", "message"}, "request_id"}}, with the types of its documentation (version 2023-06-01).
 */
public final class AnthropicErrors {
    /** The header of an answer that names its request, as their clients read it. */
    public static final String REQUEST_ID = "request-id";

    private AnthropicErrors() {}

    /** Whether the clients of a path expect errors in this form. */
    public static boolean areFor(String path) {
        return path.equals(ModelPaths.MESSAGES) || path.startsWith(ModelPaths.MESSAGES + "/");
    }

    /**
     * An error as UTF-8 JSON, with our code beside the type.
     *
     * @param request its id; null if none is known
     */
    public static byte[] json(ApiException error, @Nullable String request) {
        Map<String, Object> inner = new LinkedHashMap<>();
        inner.put("type", type(error.code()));
        inner.put("message", String.valueOf(error.getMessage()));
        inner.put("code", error.code().code());
        if (error.param() != null) {
            inner.put("param", error.param());
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "error");
        body.put("error", inner);
        if (request != null) {
            body.put("request_id", request);
        }
        return JsonMapper.shared().writeValueAsBytes(body);
    }

    private static String type(ErrorCode code) {
        return switch (code.status()) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 503 -> "overloaded_error";
            case 504 -> "timeout_error";
            case 500, 502 -> "api_error";
            default -> "invalid_request_error";
        };
    }
}
