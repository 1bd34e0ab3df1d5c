package dev.weft.inference.server.http.json;

import dev.weft.inference.server.answer.Usage;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/** Writes one JSON object straight to bytes: answers are written once per token. */
public final class JsonDocument {
    /** The mapper would make a context for each document, which writes no object here. */
    private static final JsonFactory FACTORY = JsonMapper.shared().tokenStreamFactory();

    private JsonDocument() {}

    public static byte[] of(Consumer<JsonGenerator> fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        write(bytes, fields);
        return bytes.toByteArray();
    }

    /** Writes one object; closes {@code target}. */
    public static void write(OutputStream target, Consumer<JsonGenerator> fields) {
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), target)) {
            json.writeStartObject();
            fields.accept(json);
            json.writeEndObject();
        }
    }

    public static void usage(JsonGenerator json, Usage usage) {
        json.writeObjectPropertyStart("usage");
        json.writeNumberProperty("prompt_tokens", usage.promptTokens());
        json.writeNumberProperty("completion_tokens", usage.completionTokens());
        json.writeNumberProperty("total_tokens", usage.totalTokens());
        json.writeObjectPropertyStart("prompt_tokens_details");
        json.writeNumberProperty("cached_tokens", usage.cachedTokens());
        json.writeEndObject();
        if (usage.reasoningTokens() > 0) {
            json.writeObjectPropertyStart("completion_tokens_details");
            json.writeNumberProperty("reasoning_tokens", usage.reasoningTokens());
            json.writeEndObject();
        }
        json.writeEndObject();
    }
}
