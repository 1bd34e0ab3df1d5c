package dev.weft.protocol.error;

import tools.jackson.databind.json.JsonMapper;

/** Errors as the clients of a path expect them. */
public final class ErrorBodies {
    private ErrorBodies() {}

    /** The body of an answer, as UTF-8 JSON. */
    public static byte[] of(ApiException error, String path) {
        return AnthropicErrors.areFor(path)
                ? AnthropicErrors.json(error)
                : JsonMapper.shared().writeValueAsBytes(error.envelope());
    }
}
