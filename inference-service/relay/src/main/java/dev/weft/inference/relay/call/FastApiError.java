package dev.weft.inference.relay.call;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Errors of FastAPI itself, before a server's own code sees a request: {@code {"detail": ...}},
 * which clients of a model don't know.
 */
public final class FastApiError {
    private FastApiError() {}

    /** The message of a FastAPI error; empty if the body is a server's own error, or no error. */
    public static Optional<String> message(String body) {
        try {
            JsonNode answer = JsonMapper.shared().readTree(body);
            JsonNode detail = answer.path("detail");
            return detail.isMissingNode() || answer.has("error") || answer.has("message")
                    ? Optional.empty()
                    : Optional.of(text(detail));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /** The text of {@code detail}, which is a text or a list of faults with their places. */
    private static String text(JsonNode detail) {
        if (detail.isArray()) {
            return StreamSupport.stream(detail.spliterator(), false)
                    .map(FastApiError::fault)
                    .collect(Collectors.joining("; "));
        }
        return detail.isString() ? detail.asString() : detail.toString();
    }

    private static String fault(JsonNode fault) {
        String place =
                StreamSupport.stream(fault.path("loc").spliterator(), false)
                        .map(JsonNode::asString)
                        .collect(Collectors.joining("."));
        JsonNode what = fault.path("msg");
        return what.isString() ? place + ": " + what.asString() : fault.toString();
    }
}
