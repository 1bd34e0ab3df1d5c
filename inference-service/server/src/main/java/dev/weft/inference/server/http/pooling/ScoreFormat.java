package dev.weft.inference.server.http.pooling;

import dev.weft.inference.server.answer.PooledAnswer;
import dev.weft.inference.server.answer.Usage;
import dev.weft.inference.server.http.format.AnswerHead;
import dev.weft.inference.server.http.json.JsonDocument;
import java.io.OutputStream;
import tools.jackson.core.JsonGenerator;

/** Scores in the order of the pairs, as vLLM writes them. */
record ScoreFormat(AnswerHead head, PairScores scores) implements PreparedPool.Format {
    @Override
    public void write(PooledAnswer answer, OutputStream target) {
        double[] found = scores.of(answer);
        JsonDocument.write(target, json -> write(json, found, answer.usage()));
    }

    private void write(JsonGenerator json, double[] found, Usage usage) {
        head.write(json, "list");
        json.writeArrayPropertyStart("data");
        for (int i = 0; i < found.length; i++) {
            json.writeStartObject();
            json.writeNumberProperty("index", i);
            json.writeStringProperty("object", "score");
            json.writeNumberProperty("score", (float) found[i]);
            json.writeEndObject();
        }
        json.writeEndArray();
        JsonDocument.usage(json, usage);
    }
}
