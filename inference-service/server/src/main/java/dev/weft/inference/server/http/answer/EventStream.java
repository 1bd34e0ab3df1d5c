package dev.weft.inference.server.http.answer;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.sse.EventWriter;
import dev.weft.protocol.usage.AnswerNotes;
import dev.weft.protocol.usage.TokenCount;
import tools.jackson.databind.json.JsonMapper;

/**
 * One answer as server-sent events: {@code data: {json}}, at the end {@code data: [DONE]}. An
 * answer that breaks off ends with an error instead, so that no client takes it for complete. One
 * thread at a time.
 */
public final class EventStream {
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
        EventWriter out = new EventWriter(384);
        if (notes) {
            out.writeBytes(AnswerNotes.usageLine(count(event)));
        }
        if (!begun) {
            begun = true;
            format.begin().forEach(out::data);
        }
        switch (event) {
            case AnswerEvent.Update(var update, var _) -> format.update(update).forEach(out::data);
            case AnswerEvent.Done(var usage) -> {
                if (includeUsage) {
                    out.data(format.usage(usage));
                }
                out.data(EventWriter.DONE);
            }
        }
        return out.toByteArray();
    }

    /** The last event of an answer that breaks off. */
    public byte[] error(ApiException error) {
        EventWriter out = new EventWriter(384);
        if (notes) {
            out.writeBytes(AnswerNotes.errorLine(error.code()));
        }
        return out.event("error")
                .data(JsonMapper.shared().writeValueAsBytes(error.envelope()))
                .toByteArray();
    }

    private TokenCount count(AnswerEvent event) {
        return switch (event) {
            case AnswerEvent.Update(var _, var soFar) -> soFar;
            case AnswerEvent.Done(var usage) ->
                    new TokenCount(usage.promptTokens(), usage.completionTokens(), choices);
        };
    }
}
