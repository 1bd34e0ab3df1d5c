package dev.weft.system.fleet;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** The official client, without its retries, so that failures are seen. */
public final class Client implements AutoCloseable {
    /** Longest time for an answer, of any client. */
    public static final Duration DEADLINE = Duration.ofMinutes(3);

    private final OpenAIClient api;

    public Client(URI gateway) {
        this(gateway, "any");
    }

    public Client(URI gateway, String key) {
        api =
                OpenAIOkHttpClient.builder()
                        .baseUrl(gateway + "/v1")
                        .apiKey(key)
                        .maxRetries(0)
                        .timeout(DEADLINE)
                        .build();
    }

    public OpenAIClient api() {
        return api;
    }

    public static ChatCompletionCreateParams.Builder greedy(String model, String prompt) {
        return ChatCompletionCreateParams.builder()
                .model(model)
                .addUserMessage(prompt)
                .temperature(0.0)
                .maxCompletionTokens(160);
    }

    /** The whole answer at once. */
    public String ask(String model, String prompt) {
        ChatCompletion answer = api.chat().completions().create(greedy(model, prompt).build());
        return answer.choices().getFirst().message().content().orElseThrow();
    }

    /** The whole text of a streamed answer. */
    public String stream(String model, String prompt) {
        StringBuilder text = new StringBuilder();
        try (StreamResponse<ChatCompletionChunk> chunks =
                api.chat().completions().createStreaming(greedy(model, prompt).build())) {
            chunks.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .forEach(choice -> choice.delta().content().ifPresent(text::append));
        }
        return text.toString();
    }

    /** The tokens of the answer as the log-probabilities list them, in hexadecimal bytes. */
    public List<String> tokens(String model, String prompt) {
        ChatCompletion answer =
                api.chat()
                        .completions()
                        .create(greedy(model, prompt).logprobs(true).topLogprobs(1).build());
        return answer.choices().getFirst().logprobs().orElseThrow().content().orElseThrow().stream()
                .map(token -> token.token() + " " + token.bytes().orElse(List.of()))
                .toList();
    }

    @Override
    public void close() {
        api.close();
    }
}
