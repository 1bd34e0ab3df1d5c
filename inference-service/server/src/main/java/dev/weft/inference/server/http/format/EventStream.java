package dev.weft.inference.server.http.format;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.sse.EventWriter;
import dev.weft.protocol.usage.AnswerNotes;
import dev.weft.protocol.usage.TokenCount;
import org.jspecify.annotations.Nullable;

/**
 * One answer as server-sent events. An answer that breaks off ends with an error, so that no client
 * takes it as complete. One thread at a time.
 */
public final class EventStream {
    private final StreamFormat format;
    private final boolean notes;
    private final int choices;
    private boolean begun;

    /**
     * The stream of one answer.
     *
     * @param notes whether comments tell a gateway the count so far, and errors
     * @param choices how many the answer has
     */
    public EventStream(StreamFormat format, boolean notes, int choices) {
        this.format = format;
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
        TokenCount count = count(event);
        if (notes) {
            out.writeBytes(AnswerNotes.usageLine(count));
        }
        if (!begun) {
            begun = true;
            format.begin((int) count.cached(), out);
        }
        switch (event) {
            case AnswerEvent.Update(var update, var _) -> format.update(update, out);
            case AnswerEvent.Done(var usage) -> format.end(usage, out);
        }
        return out.toByteArray();
    }

    /**
     * The last event of an answer that breaks off.
     *
     * @param requestId null if the request has none
     */
    public byte[] error(ApiException error, @Nullable String requestId) {
        EventWriter out = new EventWriter(384);
        if (notes) {
            out.writeBytes(AnswerNotes.errorLine(error.code()));
        }
        format.error(error, requestId, out);
        return out.toByteArray();
    }

    private TokenCount count(AnswerEvent event) {
        return switch (event) {
            case AnswerEvent.Update(var _, var soFar) -> soFar;
            case AnswerEvent.Done(var usage) ->
                    new TokenCount(
                            usage.promptTokens(),
                            usage.completionTokens(),
                            choices,
                            usage.cachedTokens());
        };
    }
}
