package dev.weft.gateway.rollout.shadow.text;

import dev.weft.protocol.sse.EventReader;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The text of the first choice, including tool calls, and why it ended. Works for every API,
 * streamed or not.
 *
 * @param finish empty if the answer does not say
 */
record AnswerText(String text, String finish) {
    private static final List<String> PIECES =
            List.of("reasoning_content", "thinking", "content", "text", "partial_json");

    /** Reads an answer. Data that is not JSON is skipped. */
    static AnswerText read(Said said) {
        Reader reader = new Reader();
        if (said.isStream()) {
            EventReader events = new EventReader();
            EventReader.Listener<RuntimeException> each =
                    (_, data, length) -> reader.event(data, length);
            try {
                events.read(ByteBuffer.wrap(said.bytes()), each);
                events.end(each);
            } catch (ProtocolException e) {
                // what was read until then stands
            }
        } else {
            reader.event(said.bytes(), said.bytes().length);
        }
        return new AnswerText(reader.text.toString(), reader.finish);
    }

    /** Reads one answer. For one thread. */
    private static final class Reader {
        private final StringBuilder text = new StringBuilder();
        private String finish = "";

        void event(byte[] data, int length) {
            try {
                take(JsonMapper.shared().readTree(data, 0, length));
            } catch (JacksonException e) {
                // such as [DONE]
            }
        }

        private void take(JsonNode event) {
            for (JsonNode choice : event.path("choices")) {
                if (choice.path("index").asInt(0) == 0) {
                    pieces(choice);
                    message(choice.path("delta"));
                    message(choice.path("message"));
                    ends(choice.path("finish_reason"));
                }
            }
            String type = event.path("type").asString("");
            JsonNode delta = event.path("delta");
            if (type.endsWith(".delta") && delta.isString()) {
                text.append(delta.asString());
            } else if (type.startsWith("content_block_")) {
                add(event.path("content_block").path("name"));
                pieces(delta);
            } else if (type.equals("message_delta")) {
                ends(delta.path("stop_reason"));
            } else if (type.startsWith("response.")) {
                if (type.equals("response.output_item.added")) {
                    add(event.path("item").path("name"));
                }
                ends(event.path("response").path("status"));
            } else {
                whole(event);
            }
        }

        /** Reads an answer in one piece from an API without choices. */
        private void whole(JsonNode answer) {
            ends(answer.path("stop_reason"));
            for (JsonNode part : answer.path("content")) {
                pieces(part);
                add(part.path("name"));
                add(part.path("input"));
            }
            if (answer.path("object").asString("").equals("response")) {
                ends(answer.path("status"));
                for (JsonNode item : answer.path("output")) {
                    add(item.path("name"));
                    add(item.path("arguments"));
                    item.path("content").forEach(this::pieces);
                }
            }
        }

        private void message(JsonNode message) {
            pieces(message);
            for (JsonNode call : message.path("tool_calls")) {
                add(call.path("function").path("name"));
                add(call.path("function").path("arguments"));
            }
        }

        private void pieces(JsonNode from) {
            PIECES.forEach(name -> {
                if (from.path(name).isString()) {
                    add(from.path(name));
                }
            });
        }

        private void add(JsonNode piece) {
            if (piece.isString()) {
                text.append(piece.asString());
            } else if (piece.isObject()) {
                text.append(piece);
            }
        }

        private void ends(JsonNode reason) {
            if (reason.isString()) {
                finish = reason.asString();
            }
        }
    }
}
