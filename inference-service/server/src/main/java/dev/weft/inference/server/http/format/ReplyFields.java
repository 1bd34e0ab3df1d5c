package dev.weft.inference.server.http.format;

import dev.weft.grammar.reply.parser.ReplyPart;
import dev.weft.inference.server.settings.ReplySettings.ReasoningFields;
import tools.jackson.core.JsonGenerator;

/**
 * Writes the parts of a reply as fields of a message or of a delta.
 *
 * @param thoughts the fields in which thoughts are told
 * @param ids of calls
 */
public record ReplyFields(ReasoningFields thoughts, CallIds ids) {
    /** A part of a stream. */
    void delta(JsonGenerator json, ReplyPart part) {
        switch (part) {
            case ReplyPart.Text(String text) -> json.writeStringProperty("content", text);
            case ReplyPart.Thinking(String text) -> thought(json, text);
            case ReplyPart.CallBegin(int call, String name) -> {
                json.writeArrayPropertyStart("tool_calls");
                json.writeStartObject();
                json.writeNumberProperty("index", call);
                call(json, name, "");
                json.writeEndObject();
                json.writeEndArray();
            }
            case ReplyPart.CallArguments(int call, String arguments) -> {
                json.writeArrayPropertyStart("tool_calls");
                json.writeStartObject();
                json.writeNumberProperty("index", call);
                json.writeObjectPropertyStart("function");
                json.writeStringProperty("arguments", arguments);
                json.writeEndObject();
                json.writeEndObject();
                json.writeEndArray();
            }
        }
    }

    /** A whole message. */
    void message(JsonGenerator json, ChoiceResult result) {
        boolean calls = !result.calls().isEmpty();
        json.writeStringProperty(
                "content", calls && result.text().isEmpty() ? null : result.text());
        json.writeNullProperty("refusal");
        if (!result.thought().isEmpty()) {
            thought(json, result.thought());
        }
        if (calls) {
            json.writeArrayPropertyStart("tool_calls");
            for (ChoiceResult.Said call : result.calls()) {
                json.writeStartObject();
                call(json, call.name(), call.text());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
    }

    private void call(JsonGenerator json, String name, String arguments) {
        json.writeStringProperty("id", ids.next("call_"));
        json.writeStringProperty("type", "function");
        json.writeObjectPropertyStart("function");
        json.writeStringProperty("name", name);
        json.writeStringProperty("arguments", arguments);
        json.writeEndObject();
    }

    private void thought(JsonGenerator json, String text) {
        if (thoughts != ReasoningFields.REASONING_CONTENT) {
            json.writeStringProperty("reasoning", text);
        }
        if (thoughts != ReasoningFields.REASONING) {
            json.writeStringProperty("reasoning_content", text);
        }
    }
}
