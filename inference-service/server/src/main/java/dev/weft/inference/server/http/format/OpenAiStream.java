package dev.weft.inference.server.http.format;

import dev.weft.inference.server.answer.ChoiceUpdate;
import dev.weft.inference.server.answer.Usage;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.sse.EventWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * OpenAI's stream of chunks: {@code data: {json}}, at the end {@code data: [DONE]}.
 *
 * @param usageToCome whether a last chunk tells the usage
 */
record OpenAiStream(Chunks chunks, boolean usageToCome) implements StreamFormat {
    /** Makes the chunks. */
    interface Chunks {
        /** Chunks before the first update of any choice. */
        List<byte[]> begin();

        /** Chunks for an update. */
        List<byte[]> update(ChoiceUpdate update);

        /** The chunk that tells the usage. */
        byte[] usage(Usage usage);
    }

    @Override
    public void begin(int cachedTokens, EventWriter out) {
        chunks.begin().forEach(out::data);
    }

    @Override
    public void update(ChoiceUpdate update, EventWriter out) {
        chunks.update(update).forEach(out::data);
    }

    @Override
    public void end(Usage usage, EventWriter out) {
        if (usageToCome) {
            out.data(chunks.usage(usage));
        }
        out.data(EventWriter.DONE);
    }

    @Override
    public void error(ApiException error, @Nullable String requestId, EventWriter out) {
        out.event("error").data(JsonMapper.shared().writeValueAsBytes(error.envelope()));
    }
}
