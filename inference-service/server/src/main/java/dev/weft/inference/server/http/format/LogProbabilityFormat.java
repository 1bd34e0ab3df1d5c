package dev.weft.inference.server.http.format;

import dev.weft.inference.engine.TokenEvent;
import dev.weft.inference.server.answer.ScoredToken;
import dev.weft.inference.server.text.Tokenizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/**
 * Writes log-probabilities in the two shapes that OpenAI has.
 *
 * @param top how many candidates a token shows at most
 */
public record LogProbabilityFormat(Tokenizer tokenizer, int top) {
    /** Stands for negative infinity, which JSON lacks, as OpenAI and vLLM write it. */
    private static final float LEAST = -9999;

    /** {@code logprobs} of a chat's choice. */
    void writeChat(JsonGenerator json, List<ScoredToken> tokens) {
        json.writeObjectPropertyStart("logprobs");
        json.writeArrayPropertyStart("content");
        for (ScoredToken token : tokens) {
            json.writeStartObject();
            candidate(json, token.token(), token.logProbability());
            json.writeArrayPropertyStart("top_logprobs");
            for (TokenEvent.TopToken one : best(token)) {
                json.writeStartObject();
                candidate(json, one.token(), one.logProbability());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNullProperty("refusal");
        json.writeEndObject();
    }

    /** {@code logprobs} of a completion's choice. */
    void writeText(JsonGenerator json, List<ScoredToken> tokens) {
        json.writeObjectPropertyStart("logprobs");
        json.writeArrayPropertyStart("text_offset");
        tokens.forEach(token -> json.writeNumber(token.offset()));
        json.writeEndArray();
        json.writeArrayPropertyStart("token_logprobs");
        tokens.forEach(token -> json.writeNumber(finite(token.logProbability())));
        json.writeEndArray();
        json.writeArrayPropertyStart("tokens");
        tokens.forEach(token -> json.writeString(tokenizer.text(token.token())));
        json.writeEndArray();
        json.writeArrayPropertyStart("top_logprobs");
        tokens.forEach(token -> candidates(json, token));
        json.writeEndArray();
        json.writeEndObject();
    }

    private void candidate(JsonGenerator json, int token, float logProbability) {
        json.writeStringProperty("token", tokenizer.text(token));
        json.writeNumberProperty("logprob", finite(logProbability));
        json.writeArrayPropertyStart("bytes");
        for (byte b : tokenizer.bytes(token)) {
            json.writeNumber(b & 0xFF);
        }
        json.writeEndArray();
    }

    /**
     * Writes the candidates and, if it is not among them, the token itself: up to one more than
     * requested.
     */
    private void candidates(JsonGenerator json, ScoredToken token) {
        Map<String, Float> byText = new LinkedHashMap<>();
        for (TokenEvent.TopToken one : best(token)) {
            byText.putIfAbsent(tokenizer.text(one.token()), finite(one.logProbability()));
        }
        byText.putIfAbsent(tokenizer.text(token.token()), finite(token.logProbability()));
        json.writeStartObject();
        byText.forEach(json::writeNumberProperty);
        json.writeEndObject();
    }

    private List<TokenEvent.TopToken> best(ScoredToken token) {
        return token.top().subList(0, Math.min(top, token.top().size()));
    }

    private static float finite(float logProbability) {
        return Float.isFinite(logProbability) ? Math.max(logProbability, LEAST) : LEAST;
    }
}
