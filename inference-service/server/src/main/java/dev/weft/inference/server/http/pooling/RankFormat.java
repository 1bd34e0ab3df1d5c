package dev.weft.inference.server.http.pooling;

import dev.weft.inference.server.answer.PooledAnswer;
import dev.weft.inference.server.answer.Usage;
import dev.weft.inference.server.http.format.AnswerHead;
import dev.weft.inference.server.http.json.JsonDocument;
import java.io.OutputStream;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Documents in the order of relevance, as Jina and Cohere write them.
 *
 * @param documents which the answer repeats
 * @param most number of documents that are wanted; null or 0 for all
 */
record RankFormat(
        AnswerHead head, PairScores scores, List<String> documents, @Nullable Integer most)
        implements PreparedPool.Format {
    /** Bytes of a text beside its characters. */
    private static final long TEXT_BYTES = 64;

    @Override
    public long heldBytes() {
        return documents.stream().mapToLong(text -> TEXT_BYTES + 2L * text.length()).sum();
    }

    @Override
    public void write(PooledAnswer answer, OutputStream target) {
        double[] found = scores.of(answer);
        JsonDocument.write(target, json -> write(json, found, answer.usage()));
    }

    private void write(JsonGenerator json, double[] found, Usage usage) {
        json.writeStringProperty("id", head.id());
        json.writeStringProperty("model", head.model());
        JsonDocument.usage(json, usage);
        json.writeArrayPropertyStart("results");
        for (int place : best(found)) {
            json.writeStartObject();
            json.writeNumberProperty("index", place);
            json.writeObjectPropertyStart("document");
            json.writeStringProperty("text", documents.get(place));
            json.writeEndObject();
            json.writeNumberProperty("relevance_score", (float) found[place]);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** Indices of the best scores, the best first; equal scores keep their order. */
    private List<Integer> best(double[] found) {
        return IntStream.range(0, found.length)
                .boxed()
                .sorted(Comparator.comparingDouble(place -> -found[place]))
                .limit(most == null || most == 0 ? found.length : most)
                .toList();
    }
}
