package dev.weft.inference.server.http.pooling;

import dev.weft.inference.server.answer.Usage;
import dev.weft.inference.server.http.format.AnswerHead;
import dev.weft.inference.server.http.json.JsonDocument;
import java.util.List;

/** How vLLM writes scores. */
final class ScoreFormat {
    private ScoreFormat() {}

    /** Scores in the order of the pairs. */
    static byte[] scores(AnswerHead head, double[] scores, Usage usage) {
        return JsonDocument.of(json -> {
            head.write(json, "list");
            json.writeArrayPropertyStart("data");
            for (int i = 0; i < scores.length; i++) {
                json.writeStartObject();
                json.writeNumberProperty("index", i);
                json.writeStringProperty("object", "score");
                json.writeNumberProperty("score", (float) scores[i]);
                json.writeEndObject();
            }
            json.writeEndArray();
            JsonDocument.usage(json, usage);
        });
    }

    /**
     * Documents in the order of relevance, as Jina and Cohere write them.
     *
     * @param places indices of documents, the best first
     */
    static byte[] ranked(
            AnswerHead head,
            List<Integer> places,
            double[] scores,
            List<String> documents,
            Usage usage) {
        return JsonDocument.of(json -> {
            json.writeStringProperty("id", head.id());
            json.writeStringProperty("model", head.model());
            JsonDocument.usage(json, usage);
            json.writeArrayPropertyStart("results");
            for (int place : places) {
                json.writeStartObject();
                json.writeNumberProperty("index", place);
                json.writeObjectPropertyStart("document");
                json.writeStringProperty("text", documents.get(place));
                json.writeEndObject();
                json.writeNumberProperty("relevance_score", (float) scores[place]);
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }
}
