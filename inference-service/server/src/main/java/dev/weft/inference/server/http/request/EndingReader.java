package dev.weft.inference.server.http.request;

import dev.weft.inference.server.http.json.JsonFields;
import dev.weft.inference.server.prompt.Conversation.Ending;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import tools.jackson.databind.JsonNode;

/**
 * Reads how a chat's prompt ends: {@code add_generation_prompt} and vLLM's {@code
 * continue_final_message}.
 */
final class EndingReader {
    static final String CONTINUES = "continue_final_message";
    private static final String OPENS = "add_generation_prompt";

    private EndingReader() {}

    /**
     * The ending of the prompt.
     *
     * @param messages of the request, one at least
     */
    static Ending read(JsonFields fields, JsonNode messages) {
        boolean opened = fields.flag(OPENS, true);
        if (!fields.flag(CONTINUES, false)) {
            return opened ? Ending.OPENED : Ending.CLOSED;
        }
        if (opened) {
            throw new ApiException(
                    ErrorCode.INVALID_VALUE,
                    "'%s' and '%s' can't both be true; allowed: \"%s\": false, which is true if it is left out"
                            .formatted(CONTINUES, OPENS, OPENS),
                    OPENS);
        }
        int last = messages.size() - 1;
        check(new JsonFields(messages.path(last), "messages[" + last + "]."));
        return Ending.CONTINUED;
    }

    /** Refuses a last message that no answer can go on with. */
    private static void check(JsonFields message) {
        JsonNode role = message.object().path("role");
        if (!role.asString("").equals("assistant")) {
            throw message.invalid(
                    "role",
                    role,
                    "\"assistant\" in the last message if '" + CONTINUES + "' is true");
        }
        for (String calls : new String[] {"tool_calls", "function_call"}) {
            JsonNode value = message.node(calls);
            if (value != null && !value.isEmpty()) {
                throw message.invalid(
                        calls, value, "none in the last message if '" + CONTINUES + "' is true");
            }
        }
        JsonNode content = message.required("content", "the text that the answer goes on with");
        if (content.isArray() && content.isEmpty()) {
            throw message.invalid("content", content, "a text that the answer goes on with");
        }
    }
}
