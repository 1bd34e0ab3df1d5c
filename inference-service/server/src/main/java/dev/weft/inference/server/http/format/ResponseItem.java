package dev.weft.inference.server.http.format;

import dev.weft.inference.server.completion.EndReason;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An item of a response's output.
 *
 * @param kind what it is
 * @param id of the item
 * @param begun the item as its first event tells it
 */
record ResponseItem(Kind kind, String id, ObjectNode begun) {
    /** Kinds of items, with the names of the events that tell their text. */
    enum Kind {
        REASONING("response.reasoning_text", "text"),
        MESSAGE("response.output_text", "text"),
        CALL("response.function_call_arguments", "arguments");

        /** The beginning of the names of the events that tell its text. */
        final String events;

        /** The field in which the last of these events has the whole text. */
        final String field;

        Kind(String events, String field) {
            this.events = events;
            this.field = field;
        }
    }

    static ResponseItem reasoning() {
        String id = ItemIds.next("rs_");
        ObjectNode item = item(id, "reasoning");
        item.putArray("summary");
        item.putArray("content");
        return new ResponseItem(Kind.REASONING, id, item);
    }

    static ResponseItem message() {
        String id = ItemIds.next("msg_");
        ObjectNode item = item(id, "message").put("role", "assistant");
        item.putArray("content");
        return new ResponseItem(Kind.MESSAGE, id, item);
    }

    static ResponseItem call(String name, CallIds ids) {
        String id = ItemIds.next("fc_");
        ObjectNode item =
                item(id, "function_call")
                        .put("call_id", ids.next("call_"))
                        .put("name", name)
                        .put("arguments", "");
        return new ResponseItem(Kind.CALL, id, item);
    }

    private static ObjectNode item(String id, String type) {
        return ResponsesFormat.object()
                .put("id", id)
                .put("type", type)
                .put("status", "in_progress");
    }

    /**
     * The status of an item that is the last one.
     *
     * @param cut whether the response ended within the arguments of a call
     */
    String lastStatus(EndReason end, boolean cut) {
        return kind == Kind.CALL
                ? ResponsesFormat.status(cut ? EndReason.LENGTH : EndReason.STOP)
                : ResponsesFormat.status(end);
    }

    /** The item with its text. */
    ObjectNode finished(String text, String status) {
        ObjectNode item = begun.deepCopy().put("status", status);
        if (kind == Kind.CALL) {
            return item.put("arguments", text);
        }
        ((ArrayNode) item.path("content")).add(part(text));
        return item;
    }

    /** The part of the item's content that has the text. */
    ObjectNode part(String text) {
        ObjectNode part = ResponsesFormat.object();
        if (kind == Kind.REASONING) {
            return part.put("type", "reasoning_text").put("text", text);
        }
        part.put("type", "output_text").put("text", text);
        part.putArray("annotations");
        part.putArray("logprobs");
        return part;
    }
}
