package dev.weft.protocol.error;

import dev.weft.protocol.path.ModelPaths;
import dev.weft.protocol.sse.EventWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Errors as the clients of a path expect them. */
public final class ErrorBodies {
    private ErrorBodies() {}

    /**
     * The body of an answer, as UTF-8 JSON.
     *
     * @param request its id, which some interfaces tell; null if none is known
     */
    public static byte[] of(ApiException error, String path, @Nullable String request) {
        return AnthropicErrors.areFor(path)
                ? AnthropicErrors.json(error, request)
                : JsonMapper.shared().writeValueAsBytes(error.envelope());
    }

    /**
     * A whole SSE event named {@code error}, in UTF-8.
     *
     * @param before number of events before it in its stream, by which some interfaces number it
     */
    public static byte[] event(
            ApiException error, String path, @Nullable String request, long before) {
        byte[] data = numbersEvents(path) ? flat(error, before) : of(error, path, request);
        return new EventWriter(256).event("error").data(data).toByteArray();
    }

    /** Whether the events of a path's streams have numbers, from 0. */
    public static boolean numbersEvents(String path) {
        return path.equals(ModelPaths.RESPONSES);
    }

    /** The event of OpenAI's Responses API, which has no envelope. */
    private static byte[] flat(ApiException error, long number) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("type", "error");
        fields.put("sequence_number", number);
        fields.put("code", error.code().code());
        fields.put("message", error.getMessage());
        fields.put("param", error.param());
        return JsonMapper.shared().writeValueAsBytes(fields);
    }
}
