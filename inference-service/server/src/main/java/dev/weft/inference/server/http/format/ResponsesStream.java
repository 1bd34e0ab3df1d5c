package dev.weft.inference.server.http.format;

import dev.weft.grammar.reply.parser.ReplyPart;
import dev.weft.inference.server.answer.ChoiceUpdate;
import dev.weft.inference.server.answer.Usage;
import dev.weft.inference.server.completion.EndReason;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorBodies;
import dev.weft.protocol.path.ModelPaths;
import dev.weft.protocol.sse.EventWriter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The events of one response. */
final class ResponsesStream implements StreamFormat {
    private final ResponsesFormat format;
    private final ArrayNode output = JsonNodeFactory.instance.arrayNode();
    private final StringBuilder text = new StringBuilder();
    private int sequence;
    private @Nullable ResponseItem open;
    private @Nullable EndReason end;
    private boolean cut;

    ResponsesStream(ResponsesFormat format) {
        this.format = format;
    }

    @Override
    public void begin(int cachedTokens, EventWriter out) {
        for (String type : new String[] {"response.created", "response.in_progress"}) {
            ObjectNode event = event(type);
            event.set("response", format.response("in_progress", output.deepCopy(), null));
            write(event, out);
        }
    }

    @Override
    public void update(ChoiceUpdate update, EventWriter out) {
        for (ReplyPart part : update.parts()) {
            switch (part) {
                case ReplyPart.Text(String more) ->
                        delta(item(ResponseItem.Kind.MESSAGE, out), more, out);
                case ReplyPart.Thinking(String more) -> {
                    if (format.thoughts()) {
                        delta(item(ResponseItem.Kind.REASONING, out), more, out);
                    }
                }
                case ReplyPart.CallBegin(int _, String name) ->
                        begin(ResponseItem.call(name, format.ids()), out);
                case ReplyPart.CallArguments(int _, String json) -> {
                    if (open != null) {
                        delta(open, json, out);
                    }
                }
            }
        }
        end = update.end() == null ? end : update.end();
        cut |= update.cut();
    }

    private ResponseItem item(ResponseItem.Kind kind, EventWriter out) {
        ResponseItem now = open;
        return now != null && now.kind() == kind
                ? now
                : begin(
                        kind == ResponseItem.Kind.MESSAGE
                                ? ResponseItem.message()
                                : ResponseItem.reasoning(),
                        out);
    }

    private ResponseItem begin(ResponseItem item, EventWriter out) {
        close("completed", out);
        open = item;
        ObjectNode added = event("response.output_item.added").put("output_index", output.size());
        added.set("item", item.begun());
        write(added, out);
        if (item.kind() != ResponseItem.Kind.CALL) {
            ObjectNode part = of(item, "response.content_part.added");
            part.set("part", item.part(""));
            write(part, out);
        }
        return item;
    }

    private void delta(ResponseItem item, String more, EventWriter out) {
        text.append(more);
        write(ofText(item, ".delta").put("delta", more), out);
    }

    private void close(String status, EventWriter out) {
        ResponseItem item = open;
        if (item == null) {
            return;
        }
        String whole = text.toString();
        ObjectNode all = ofText(item, ".done").put(item.kind().field, whole);
        if (item.kind() == ResponseItem.Kind.CALL) {
            all.set("name", item.begun().path("name"));
        }
        write(all, out);
        if (item.kind() != ResponseItem.Kind.CALL) {
            ObjectNode part = of(item, "response.content_part.done");
            part.set("part", item.part(whole));
            write(part, out);
        }
        ObjectNode done = event("response.output_item.done").put("output_index", output.size());
        ObjectNode finished = item.finished(whole, status);
        done.set("item", finished);
        write(done, out);
        output.add(finished);
        text.setLength(0);
        open = null;
    }

    @Override
    public void end(Usage usage, EventWriter out) {
        EndReason why = end == null ? EndReason.STOP : end;
        if (open == null && output.isEmpty()) {
            begin(ResponseItem.message(), out);
        }
        close(open == null ? "" : open.lastStatus(why, cut), out);
        String status = ResponsesFormat.status(why);
        ObjectNode event = event("response." + status);
        event.set("response", format.response(status, output, usage));
        write(event, out);
        out.over();
    }

    @Override
    public void error(ApiException error, @Nullable String requestId, EventWriter out) {
        out.writeBytes(ErrorBodies.event(error, ModelPaths.RESPONSES, requestId, sequence++));
    }

    private ObjectNode event(String type) {
        return ResponsesFormat.object().put("type", type).put("sequence_number", sequence++);
    }

    /** An event about an item's text. */
    private ObjectNode of(ResponseItem item, String type) {
        ObjectNode event = event(type).put("item_id", item.id()).put("output_index", output.size());
        return item.kind() == ResponseItem.Kind.CALL ? event : event.put("content_index", 0);
    }

    /** An event that tells text of an item; answers have no log-probabilities here. */
    private ObjectNode ofText(ResponseItem item, String end) {
        ObjectNode event = of(item, item.kind().events + end);
        if (item.kind() == ResponseItem.Kind.MESSAGE) {
            event.putArray("logprobs");
        }
        return event;
    }

    private static void write(ObjectNode event, EventWriter out) {
        out.event(event.path("type").stringValue())
                .data(JsonMapper.shared().writeValueAsBytes(event));
    }
}
