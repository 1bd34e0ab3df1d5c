package dev.weft.gateway.forward;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatusCode;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a worker's error response for a client that can't be told its status any more. */
final class WorkersError {
    private WorkersError() {}

    /** Reads an error's body in the envelope of any API; releases the buffer. */
    static ApiException read(HttpStatusCode status, DataBuffer body) {
        byte[] bytes = new byte[body.readableByteCount()];
        body.read(bytes);
        DataBufferUtils.release(body);
        JsonNode error;
        try {
            error = JsonMapper.shared().readTree(bytes).path("error");
        } catch (JacksonException e) {
            return unknown(status);
        }
        ApiException unknown = unknown(status);
        return new ApiException(
                ErrorCode.ofCode(error.path("code").asString("")).orElse(unknown.code()),
                error.path("message").asString(String.valueOf(unknown.getMessage())),
                error.path("param").isString() ? error.path("param").asString() : null);
    }

    /** The error if its body can't be read. */
    static ApiException unknown(HttpStatusCode status) {
        return new ApiException(
                status.is4xxClientError() ? ErrorCode.INVALID_REQUEST : ErrorCode.WORKER_FAILED,
                "The worker answered with status " + status.value() + ".");
    }
}
