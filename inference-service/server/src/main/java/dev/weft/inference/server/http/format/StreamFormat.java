package dev.weft.inference.server.http.format;

import dev.weft.inference.server.answer.ChoiceUpdate;
import dev.weft.inference.server.answer.Usage;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.sse.EventWriter;
import org.jspecify.annotations.Nullable;

/** Writes one answer as server-sent events. One thread at a time. */
public interface StreamFormat {
    /**
     * Events before the first update of any choice.
     *
     * @param cachedTokens tokens of the prompts that the engine had computed for other requests
     */
    void begin(int cachedTokens, EventWriter out);

    /** Events for an update. */
    void update(ChoiceUpdate update, EventWriter out);

    /** Events behind the last update. */
    void end(Usage usage, EventWriter out);

    /**
     * The last event of an answer that breaks off.
     *
     * @param requestId null if the request has none
     */
    void error(ApiException error, @Nullable String requestId, EventWriter out);
}
