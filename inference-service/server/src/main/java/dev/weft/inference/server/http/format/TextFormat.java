package dev.weft.inference.server.http.format;

import dev.weft.inference.server.answer.ChoiceUpdate;
import dev.weft.inference.server.answer.ScoredToken;
import dev.weft.inference.server.answer.Usage;
import dev.weft.inference.server.completion.EndReason;
import dev.weft.inference.server.http.json.JsonDocument;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * {@code text_completion}, whole and in pieces.
 *
 * @param scores null if no log-probabilities were asked for
 */
public record TextFormat(AnswerHead head, @Nullable LogProbabilityFormat scores)
        implements AnswerFormat, OpenAiStream.Chunks {
    @Override
    public StreamFormat stream() {
        return new OpenAiStream(this, head.usageToCome());
    }

    private static final String OBJECT = "text_completion";

    @Override
    public List<byte[]> begin() {
        return List.of();
    }

    @Override
    public List<byte[]> update(ChoiceUpdate update) {
        return List.of(
                JsonDocument.of(json -> {
                    head.write(json, OBJECT);
                    json.writeArrayPropertyStart("choices");
                    choice(json, update.choice(), update.text(), update.tokens(), update.end());
                    json.writeEndArray();
                    if (head.usageToCome()) {
                        json.writeNullProperty("usage");
                    }
                }));
    }

    @Override
    public byte[] usage(Usage usage) {
        return JsonDocument.of(json -> write(json, List.of(), usage));
    }

    @Override
    public void whole(List<ChoiceResult> results, Usage usage, OutputStream target) {
        JsonDocument.write(target, json -> write(json, results, usage));
    }

    private void write(JsonGenerator json, List<ChoiceResult> results, Usage usage) {
        head.write(json, OBJECT);
        json.writeArrayPropertyStart("choices");
        for (int i = 0; i < results.size(); i++) {
            ChoiceResult result = results.get(i);
            choice(json, i, result.text(), result.tokens(), result.end());
        }
        json.writeEndArray();
        JsonDocument.usage(json, usage);
    }

    private void choice(
            JsonGenerator json,
            int choice,
            String text,
            List<ScoredToken> tokens,
            @Nullable EndReason end) {
        json.writeStartObject();
        json.writeNumberProperty("index", choice);
        json.writeStringProperty("text", text);
        if (scores == null) {
            json.writeNullProperty("logprobs");
        } else {
            scores.writeText(json, tokens);
        }
        json.writeStringProperty("finish_reason", end == null ? null : end.word());
        json.writeEndObject();
    }
}
