package dev.weft.protocol.error;

import dev.weft.protocol.sse.EventWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Errors as the clients of a path expect them. */
public final class ErrorBodies {
    private static final String RESPONSES = "/v1/responses";

    private ErrorBodies() {}

    /** The body of an answer, as UTF-8 JSON. */
    public static byte[] of(ApiException error, String path) {
        return AnthropicErrors.areFor(path)
                ? AnthropicErrors.json(error)
                : JsonMapper.shared().writeValueAsBytes(error.envelope());
    }

    /** A whole SSE event named {@code error}, in UTF-8. */
    public static byte[] event(ApiException error, String path) {
        byte[] data = path.equals(RESPONSES) ? flat(error) : of(error, path);
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
}
