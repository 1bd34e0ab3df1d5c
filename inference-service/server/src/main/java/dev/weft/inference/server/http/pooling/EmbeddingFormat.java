package dev.weft.inference.server.http.pooling;

import dev.weft.inference.server.answer.PooledAnswer;
import dev.weft.inference.server.http.format.AnswerHead;
import dev.weft.inference.server.http.json.JsonDocument;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import tools.jackson.core.JsonGenerator;

/**
 * OpenAI's list of embeddings.
 *
 * @param length number of values of each
 * @param unit whether each is scaled to a length of 1
 * @param base64 whether values are the bytes of little-endian floats in Base64
 */
record EmbeddingFormat(AnswerHead head, int length, boolean unit, boolean base64)
        implements PreparedPool.Format {
    @Override
    public void write(PooledAnswer answer, OutputStream target) {
        JsonDocument.write(
                target,
                json -> {
                    head.write(json, "list");
                    json.writeArrayPropertyStart("data");
                    for (int i = 0; i < answer.vectors().size(); i++) {
                        json.writeStartObject();
                        json.writeStringProperty("object", "embedding");
                        json.writeNumberProperty("index", i);
                        values(json, TextVectors.taken(answer.vectors().get(i), length, unit));
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                    JsonDocument.usage(json, answer.usage());
                });
    }

    private void values(JsonGenerator json, float[] vector) {
        if (base64) {
            ByteBuffer bytes =
                    ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(vector);
            json.writeStringProperty(
                    "embedding", Base64.getEncoder().encodeToString(bytes.array()));
            return;
        }
        json.writeArrayPropertyStart("embedding");
        for (float value : vector) {
            json.writeNumber(value);
        }
        json.writeEndArray();
    }
}
