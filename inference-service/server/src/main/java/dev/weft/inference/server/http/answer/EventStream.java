package dev.weft.inference.server.http.answer;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.usage.AnswerNotes;
import dev.weft.protocol.usage.TokenCount;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * One answer as server-sent events: {@code data: {json}}, at the end {@code data: [DONE]}. An
 * answer that breaks off ends with an error instead, so that no client takes it for complete. One
 * thread at a time.
 */
public final class EventStream {
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.UTF_8);
    private static final byte[] ERROR = "event: error\ndata: ".getBytes(StandardCharsets.UTF_8);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8);

    private final AnswerFormat format;
    private final boolean includeUsage;
    private final boolean notes;
    private final int choices;
    private boolean begun;

    /**
     * The stream of one answer.
     *
     * @param includeUsage whether the last event tells the client the usage
     * @param notes whether comments tell a gateway the count so far, and errors
     * @param choices how many the answer has
     */
    public EventStream(AnswerFormat format, boolean includeUsage, boolean notes, int choices) {
        this.format = format;
        this.includeUsage = includeUsage;
        this.notes = notes;
        this.choices = choices;
    }

    /** Whether something was written; from then on errors are events. */
    public boolean begun() {
        return begun;
    }

    /** Bytes for an event; empty if it shows nothing. */
    public byte[] write(AnswerEvent event) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(384);
        if (notes) {
            out.writeBytes(AnswerNotes.usageLine(count(event)));
        }
        if (!begun) {
            begun = true;
            data(out, format.begin());
        }
        switch (event) {
            case AnswerEvent.Update(var update, var _) -> data(out, format.update(update));
            case AnswerEvent.Done(var usage) -> {
                if (includeUsage) {
                    data(out, List.of(format.usage(usage)));
                }
                out.writeBytes(DONE);
            }
        }
        return out.toByteArray();
    }

    /** The last event of an answer that breaks off. */
    public byte[] error(ApiException error) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(384);
        if (notes) {
            out.writeBytes(AnswerNotes.errorLine(error.code()));
        }
        out.writeBytes(ERROR);
        out.writeBytes(JsonMapper.shared().writeValueAsBytes(error.envelope()));
        out.writeBytes(END);
        return out.toByteArray();
    }

    private TokenCount count(AnswerEvent event) {
        return switch (event) {
            case AnswerEvent.Update(var _, var soFar) -> soFar;
            case AnswerEvent.Done(var usage) ->
                    new TokenCount(usage.promptTokens(), usage.completionTokens(), choices);
        };
    }

    private static void data(ByteArrayOutputStream out, List<byte[]> documents) {
        for (byte[] document : documents) {
            out.writeBytes(DATA);
            out.writeBytes(document);
            out.writeBytes(END);
        }
    }
}
