package dev.weft.protocol.error;

import org.jspecify.annotations.Nullable;

/** OpenAI's error body: {@code {"error":{"message","type","param","code"}}}. */
public record ErrorEnvelope(Body error) {
    /** The inner object; {@code param} is null if no field is at fault. */
    public record Body(String message, String type, @Nullable String param, String code) {}

    public static ErrorEnvelope of(ErrorCode code, String message, @Nullable String param) {
        return new ErrorEnvelope(new Body(message, code.type(), param, code.code()));
    }
}
