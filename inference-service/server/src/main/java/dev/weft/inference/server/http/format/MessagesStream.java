package dev.weft.inference.server.http.format;

import dev.weft.grammar.reply.parser.ReplyPart;
import dev.weft.inference.server.answer.ChoiceUpdate;
import dev.weft.inference.server.answer.Usage;
import dev.weft.inference.server.completion.EndReason;
import dev.weft.protocol.error.AnthropicErrors;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.sse.EventWriter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The events of one message. */
final class MessagesStream implements StreamFormat {
    private final MessagesFormat format;
    private int blocks;
    private boolean calls;

    /** The block that is open; null if none is. */
    private ChoiceResult.@Nullable Kind open;

    private @Nullable EndReason end;
    private @Nullable String stop;

    MessagesStream(MessagesFormat format) {
        this.format = format;
    }

    @Override
    public void begin(int cachedTokens, EventWriter out) {
        ObjectNode message = format.message();
        message.putArray("content");
        message.putNull("stop_reason");
        message.putNull("stop_sequence");
        MessagesFormat.usage(
                message.putObject("usage"), new Usage(format.inputTokens(), cachedTokens, 0, 0));
        ObjectNode event = event("message_start");
        event.set("message", message);
        write(event, out);
        write(event("ping"), out);
    }

    @Override
    public void update(ChoiceUpdate update, EventWriter out) {
        for (ReplyPart part : update.parts()) {
            switch (part) {
                case ReplyPart.Text(String text) -> {
                    block(ChoiceResult.Kind.TEXT, out, MessagesFormat.text(""));
                    delta("text_delta", "text", text, out);
                }
                case ReplyPart.Thinking(String text) -> {
                    block(ChoiceResult.Kind.THINKING, out, MessagesFormat.thinking(""));
                    if (format.thoughts()) {
                        delta("thinking_delta", "thinking", text, out);
                    }
                }
                case ReplyPart.CallBegin(int _, String name) -> {
                    close(out);
                    calls = true;
                    ObjectNode call = format.call(name);
                    call.putObject("input");
                    block(ChoiceResult.Kind.CALL, out, call);
                }
                case ReplyPart.CallArguments(int _, String json) ->
                        delta("input_json_delta", "partial_json", json, out);
            }
        }
        if (update.end() != null) {
            end = update.end();
            stop = update.stop();
            calls &= !update.cut();
        }
    }

    /** Begins a block unless one of its kind is open. */
    private void block(ChoiceResult.Kind kind, EventWriter out, ObjectNode block) {
        if (open == kind) {
            return;
        }
        close(out);
        open = kind;
        ObjectNode event = event("content_block_start").put("index", blocks);
        event.set("content_block", block);
        write(event, out);
    }

    private void delta(String type, String field, String text, EventWriter out) {
        ObjectNode event = event("content_block_delta").put("index", blocks);
        event.putObject("delta").put("type", type).put(field, text);
        write(event, out);
    }

    private void close(EventWriter out) {
        if (open == ChoiceResult.Kind.THINKING) {
            delta("signature_delta", "signature", "", out);
        }
        if (open != null) {
            write(event("content_block_stop").put("index", blocks), out);
            open = null;
            blocks++;
        }
    }

    @Override
    public void end(Usage usage, EventWriter out) {
        close(out);
        EndReason why = end == null ? EndReason.STOP : end;
        ObjectNode event = event("message_delta");
        MessagesFormat.ended(event.putObject("delta"), why, stop, calls);
        MessagesFormat.usage(event.putObject("usage"), usage);
        write(event, out);
        write(event("message_stop"), out);
    }

    @Override
    public void error(ApiException error, @Nullable String requestId, EventWriter out) {
        out.event("error").data(AnthropicErrors.json(error, requestId));
    }

    private static ObjectNode event(String type) {
        return MessagesFormat.object().put("type", type);
    }

    private static void write(ObjectNode event, EventWriter out) {
        out.event(event.path("type").stringValue())
                .data(JsonMapper.shared().writeValueAsBytes(event));
    }
}
