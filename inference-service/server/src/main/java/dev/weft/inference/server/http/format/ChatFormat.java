package dev.weft.inference.server.http.format;

import dev.weft.grammar.reply.parser.ReplyPart;
import dev.weft.inference.server.answer.ChoiceUpdate;
import dev.weft.inference.server.answer.ScoredToken;
import dev.weft.inference.server.answer.Usage;
import dev.weft.inference.server.completion.EndReason;
import dev.weft.inference.server.http.json.JsonDocument;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * {@code chat.completion} and {@code chat.completion.chunk}.
 *
 * @param choices number of choices; each begins with a chunk that tells the role
 * @param scores null if no log-probabilities were asked for
 * @param fields of messages and deltas
 */
public record ChatFormat(
        AnswerHead head, int choices, @Nullable LogProbabilityFormat scores, ReplyFields fields)
        implements AnswerFormat, OpenAiStream.Chunks {
    @Override
    public StreamFormat stream() {
        return new OpenAiStream(this, head.usageToCome());
    }

    @Override
    public List<byte[]> begin() {
        List<byte[]> events = new ArrayList<>(choices);
        for (int choice = 0; choice < choices; choice++) {
            events.add(
                    chunk(
                            choice,
                            List.of(),
                            null,
                            json -> {
                                json.writeStringProperty("role", "assistant");
                                json.writeStringProperty("content", "");
                            }));
        }
        return events;
    }

    @Override
    public List<byte[]> update(ChoiceUpdate update) {
        List<byte[]> events = new ArrayList<>(2);
        List<ScoredToken> tokens = update.tokens();
        for (ReplyPart part : update.parts()) {
            events.add(chunk(update.choice(), tokens, null, json -> fields.delta(json, part)));
            tokens = List.of();
        }
        if (!tokens.isEmpty()) {
            events.add(
                    chunk(
                            update.choice(),
                            tokens,
                            null,
                            json -> json.writeStringProperty("content", "")));
        }
        if (update.end() != null) {
            events.add(chunk(update.choice(), List.of(), update.end(), _ -> {}));
        }
        return events;
    }

    @Override
    public byte[] usage(Usage usage) {
        return JsonDocument.of(json -> {
            head.write(json, "chat.completion.chunk");
            json.writeArrayPropertyStart("choices");
            json.writeEndArray();
            JsonDocument.usage(json, usage);
        });
    }

    @Override
    public void whole(List<ChoiceResult> results, Usage usage, OutputStream target) {
        JsonDocument.write(
                target,
                json -> {
                    head.write(json, "chat.completion");
                    json.writeArrayPropertyStart("choices");
                    for (int choice = 0; choice < results.size(); choice++) {
                        wholeChoice(json, choice, results.get(choice));
                    }
                    json.writeEndArray();
                    JsonDocument.usage(json, usage);
                });
    }

    private void wholeChoice(JsonGenerator json, int choice, ChoiceResult result) {
        json.writeStartObject();
        json.writeNumberProperty("index", choice);
        json.writeObjectPropertyStart("message");
        json.writeStringProperty("role", "assistant");
        fields.message(json, result);
        json.writeEndObject();
        scores(json, result.tokens());
        json.writeStringProperty("finish_reason", result.end().word());
        json.writeEndObject();
    }

    private byte[] chunk(
            int choice,
            List<ScoredToken> tokens,
            @Nullable EndReason end,
            java.util.function.Consumer<JsonGenerator> delta) {
        return JsonDocument.of(json -> {
            head.write(json, "chat.completion.chunk");
            json.writeArrayPropertyStart("choices");
            json.writeStartObject();
            json.writeNumberProperty("index", choice);
            json.writeObjectPropertyStart("delta");
            delta.accept(json);
            json.writeEndObject();
            if (tokens.isEmpty()) {
                json.writeNullProperty("logprobs");
            } else {
                scores(json, tokens);
            }
            json.writeStringProperty("finish_reason", end == null ? null : end.word());
            json.writeEndObject();
            json.writeEndArray();
            if (head.usageToCome()) {
                json.writeNullProperty("usage");
            }
        });
    }

    private void scores(JsonGenerator json, List<ScoredToken> tokens) {
        if (scores == null) {
            json.writeNullProperty("logprobs");
        } else {
            scores.writeChat(json, tokens);
        }
    }
}
