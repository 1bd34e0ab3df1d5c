package dev.weft.standalone.bench.stream;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the message of an error document, in the forms that servers use. */
final class ErrorText {
    private ErrorText() {}

    static String of(String body) {
        try {
            JsonNode root = JsonMapper.shared().readTree(body);
            for (String place : new String[] {"/error/message", "/message", "/detail", "/error"}) {
                JsonNode node = root.at(place);
                if (node.isString() && !node.asString().isBlank()) {
                    return node.asString();
                }
            }
            return body;
        } catch (JacksonException _) {
            return body;
        }
    }
}
